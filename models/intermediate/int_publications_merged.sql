-- When only some raw files are new, only the titles that they touch are merged
-- again, and all other publications stay as they are in the file.
{%- set is_partial = find_changed_titles() %}
{#- Read of rows that are replaced. The key tells title, journal and date. #}
{%- set compared = [
    'publication_key', 'article_type', 'publication_id', 'date_precision',
    'raw_file', 'merged_raw_files',
] %}
{{
    config(
        is_editable=true,
        compared=compared,
        post_hook="{{ count_publications() }}"
    )
}}

with records as {{ materialized(is_partial) }}(

    select * from {{ ref('int_publications_united') }}
    {%- if is_partial %}
    -- Of rows that are found by their place alone DuckDB reads no text in vain;
    -- several tables have places, so the title is looked at, too.
    where
        table_position in (
            select changed_places.table_position from changed_places
        )
        and publication_hash in (
            select changed_titles.publication_hash from changed_titles
        )
    {%- endif %}

),

-- Where a registry gave the id, records of one id are of one publication,
-- whatever their titles and dates: ahead of print and in the issue.
repeated_ids as (

    select
        article_type,
        publication_id
    from records
    where has_registered_id
    group by article_type, publication_id
    having count(*) > 1 and max(publication_id) is not null

),

-- The most complete record is kept: with journal and date; then the one whose
-- date says most; then the newest; then the one with the longest name of the
-- journal, which is not the abbreviated one; then the first.
ranked as (

    select
        records.*,
        row_number() over (
            partition by records.article_type, records.publication_id
            order by
                cast(records.journal is not null as integer)
                + cast(records.publication_date is not null as integer) desc,
                records.date_precision asc nulls last,
                records.publication_date desc nulls last,
                length(records.journal) desc nulls last,
                records.raw_file asc,
                records.table_position asc
        ) as completeness_rank
    from records
    inner join repeated_ids
        on
            records.article_type = repeated_ids.article_type
            and records.publication_id = repeated_ids.publication_id
    where records.has_registered_id

),

copies as (

    select
        article_type,
        publication_id,
        min(journal) as journal,
        {{ sorted_list('raw_file') }} as raw_files
    from ranked
    where completeness_rank > 1
    group by article_type, publication_id

),

most_complete as (

    select
        ranked.article_type,
        ranked.publication_id,
        ranked.title,
        ranked.publication_hash,
        coalesce(ranked.journal, copies.journal) as journal,
        ranked.publication_date,
        ranked.date_precision,
        ranked.raw_file,
        ranked.table_position,
        copies.raw_files as copied_raw_files
    from ranked
    inner join copies
        on
            ranked.article_type = copies.article_type
            and ranked.publication_id = copies.publication_id
    where ranked.completeness_rank = 1

),

publications as {{ materialized(is_partial) }}(

    select
        records.article_type,
        records.publication_id,
        records.title,
        records.publication_hash,
        records.journal,
        records.publication_date,
        records.date_precision,
        records.raw_file,
        records.table_position,
        null as copied_raw_files
    from records
    left join repeated_ids
        on
            records.has_registered_id
            and records.article_type = repeated_ids.article_type
            and records.publication_id = repeated_ids.publication_id
    where repeated_ids.publication_id is null

    union all

    select * from most_complete

),

-- Few titles stand twice, so the grouping below is spared all others. The hash
-- only decides who goes there: two titles of one hash are still compared.
repeated_titles as (

    select publication_hash
    from publications
    group by publication_hash
    having count(*) > 1

),

single as (

    select
        publications.article_type,
        publications.publication_id,
        publications.title,
        publications.publication_hash,
        publications.journal,
        publications.publication_date,
        publications.date_precision,
        publications.raw_file,
        publications.copied_raw_files as merged_raw_files
    from publications
    left join repeated_titles
        on publications.publication_hash = repeated_titles.publication_hash
    where repeated_titles.publication_hash is null

),

repeated as (

    select publications.*
    from publications
    inner join repeated_titles
        on publications.publication_hash = repeated_titles.publication_hash

),

-- An id without a journal and a journal without an id complete each other, the
-- first of the one and the first of the other: an id is of one publication, so
-- two journals must not both take it.
paired as (

    select
        *,
        publication_id is not null
        and count(journal) over same_id = 0 as is_lone_id,
        journal is not null
        and count(publication_id) over same_journal = 0 as is_lone_journal
    from repeated
    window
        same_id as (
            partition by article_type, title, publication_date, publication_id
        ),
        same_journal as (
            partition by article_type, title, publication_date, journal
        )

),

lone_ids as (

    select
        article_type,
        publication_id,
        title,
        publication_date,
        row_number() over (
            partition by article_type, title, publication_date
            order by publication_id
        ) as place
    from paired
    where is_lone_id
    group by article_type, publication_id, title, publication_date

),

lone_journals as (

    select
        *,
        dense_rank() over (
            partition by
                article_type, title, publication_date, is_lone_journal
            order by journal
        ) as place
    from paired

),

-- Any other record without an id joins the journal it has, or the first id.
identified as (

    select
        lone_journals.article_type,
        lone_journals.title,
        lone_journals.publication_hash,
        lone_journals.journal,
        lone_journals.publication_date,
        lone_journals.date_precision,
        lone_journals.raw_file,
        lone_journals.table_position,
        lone_journals.copied_raw_files,
        lone_journals.publication_id is not null as has_own_id,
        coalesce(
            lone_journals.publication_id,
            lone_ids.publication_id,
            case
                when lone_journals.is_lone_journal then null
                when lone_journals.journal is not null
                    then min(lone_journals.publication_id) over same_journal
                else min(lone_journals.publication_id) over same_title
            end
        ) as publication_id
    from lone_journals
    left join lone_ids
        on
            lone_journals.is_lone_journal
            and lone_journals.article_type = lone_ids.article_type
            and lone_journals.title = lone_ids.title
            and lone_journals.publication_date
            is not distinct from lone_ids.publication_date
            and lone_journals.place = lone_ids.place
    window
        same_title as (
            partition by
                lone_journals.article_type,
                lone_journals.title,
                lone_journals.publication_date
        ),
        same_journal as (
            partition by
                lone_journals.article_type,
                lone_journals.title,
                lone_journals.publication_date,
                lone_journals.journal
        )

),

completed as (

    select
        article_type,
        publication_id,
        title,
        publication_hash,
        publication_date,
        date_precision,
        raw_file,
        table_position,
        copied_raw_files,
        has_own_id,
        journal is not null as has_own_journal,
        coalesce(
            journal,
            min(journal) over (
                partition by
                    article_type, title, publication_date, publication_id
            )
        ) as journal
    from identified

),

merged as (

    select
        article_type,
        publication_id,
        title,
        publication_hash,
        journal,
        publication_date,
        -- The alphabet's order is that of what is known.
        min(date_precision) as date_precision,
        {{ list_in_order('raw_file', [
            'not has_own_id', 'not has_own_journal', 'raw_file',
            'table_position',
        ]) }} as raw_files,
        {{ items_of_lists('copied_raw_files') }} as copied_raw_files
    from completed
    group by
        article_type, publication_id, title, publication_hash, journal,
        publication_date

),

listed as (

    select
        *,
        {{ list_and_sorted(list_part('raw_files', 2), 'copied_raw_files') }}
            as other_raw_files
    from merged

),

all_publications as (

    select * from single

    union all

    select
        article_type,
        publication_id,
        title,
        publication_hash,
        journal,
        publication_date,
        date_precision,
        {{ list_item('raw_files', 1) }} as raw_file,
        case
            when {{ list_length('other_raw_files') }} > 0 then other_raw_files
        end as merged_raw_files
    from listed

),

keyed as (

    select
        {{ surrogate_key([
            'article_type', 'publication_id', 'title', 'journal',
            'publication_date',
        ]) }} as publication_key,
        *
    from all_publications

)

select * from keyed
