-- Its file is left alone while staging holds the same files.
-- depends_on: {{ ref('int_staged_files') }}
with records as not materialized (

    select records.*
    from {{ ref('int_publication_records') }} as records
    left join {{ ref('int_deleted_records') }} as deleted_records
        on
            records.file_position = deleted_records.file_position
            and records.raw_file = deleted_records.raw_file
            and records.article_type = deleted_records.article_type
    where deleted_records.raw_file is null

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
    having count(*) > 1

),

dated as not materialized (

    select
        records.*,
        dates.publication_date,
        dates.date_precision,
        hash(records.title_hash, dates.publication_date) as publication_hash
    from records
    left join {{ ref('int_dates') }} as dates
        on
            records.date_text = dates.date_text
            and records.is_month_first = dates.is_month_first

),

-- Few publications stand twice, so the grouping below is spared all others. The
-- hash only decides who goes there: two titles of one hash are still compared.
repeated_hashes as (

    select publication_hash
    from dated
    group by publication_hash
    having count(*) > 1

),

marked as not materialized (

    select
        dated.*,
        repeated_ids.publication_id is not null as has_repeated_id,
        repeated_hashes.publication_hash is not null as has_repeated_hash
    from dated
    left join repeated_ids
        on
            dated.has_registered_id
            and dated.article_type = repeated_ids.article_type
            and dated.publication_id = repeated_ids.publication_id
    left join repeated_hashes
        on dated.publication_hash = repeated_hashes.publication_hash

),

single as (

    select
        article_type,
        publication_id,
        title,
        title_hash,
        journal,
        publication_date,
        date_precision,
        raw_file,
        null::varchar[] as merged_raw_files
    from marked
    where not has_repeated_id and not has_repeated_hash

),

repeated as (

    select * from marked
    where has_repeated_id or has_repeated_hash

),

-- A later version replaces an earlier one. Of the others the most complete is
-- kept: with journal and date; then the one whose date says most; then the
-- newest; then the one with the longest name of the journal, which is not the
-- abbreviated one; then the first.
ranked as (

    select
        *,
        row_number() over (
            partition by article_type, publication_id
            order by
                record_version desc nulls last,
                revised_on desc nulls last,
                case when record_version is not null then raw_file end
                desc nulls last,
                case
                    when record_version is not null
                        then file_position
                end desc nulls last,
                (journal is not null)::integer
                + (publication_date is not null)::integer desc,
                date_precision asc nulls last,
                publication_date desc nulls last,
                length(journal) desc nulls last,
                raw_file asc,
                file_position asc
        ) as completeness_rank
    from repeated
    where has_repeated_id

),

copies as (

    select
        article_type,
        publication_id,
        min(journal) as journal,
        list_sort(list(raw_file)) as raw_files
    from ranked
    where completeness_rank > 1
    group by article_type, publication_id

),

publications as (

    select
        article_type,
        publication_id,
        title,
        title_hash,
        journal,
        publication_date,
        date_precision,
        raw_file,
        file_position,
        null::varchar[] as copied_raw_files
    from repeated
    where not has_repeated_id

    union all

    select
        ranked.article_type,
        ranked.publication_id,
        ranked.title,
        ranked.title_hash,
        coalesce(ranked.journal, copies.journal) as journal,
        ranked.publication_date,
        ranked.date_precision,
        ranked.raw_file,
        ranked.file_position,
        copies.raw_files as copied_raw_files
    from ranked
    inner join copies
        on
            ranked.article_type = copies.article_type
            and ranked.publication_id = copies.publication_id
    where ranked.completeness_rank = 1

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
    from publications
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
        lone_journals.title_hash,
        lone_journals.journal,
        lone_journals.publication_date,
        lone_journals.date_precision,
        lone_journals.raw_file,
        lone_journals.file_position,
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
        title_hash,
        publication_date,
        date_precision,
        raw_file,
        file_position,
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
        title_hash,
        journal,
        publication_date,
        -- The alphabet's order is that of what is known.
        min(date_precision) as date_precision,
        list(
            raw_file
            order by
                not has_own_id, not has_own_journal, raw_file, file_position
        ) as raw_files,
        flatten(list(coalesce(copied_raw_files, []))) as copied_raw_files
    from completed
    group by
        article_type, publication_id, title, title_hash, journal,
        publication_date

),

all_publications as (

    select * from single

    union all

    select
        article_type,
        publication_id,
        title,
        title_hash,
        journal,
        publication_date,
        date_precision,
        raw_files[1] as raw_file,
        case
            when len(raw_files) + len(copied_raw_files) > 1
                then raw_files[2:] || list_sort(copied_raw_files)
        end as merged_raw_files
    from merged

),

keyed as (

    select
        surrogate_key(
            article_type, publication_id, title, journal, publication_date
        ) as publication_key,
        *
    from all_publications

)

select * from keyed
