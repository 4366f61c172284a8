-- Its file is left alone while staging holds the same files.
-- depends_on: {{ ref('int_staged_files') }}
with records as not materialized (

    select
        *,
        hash(title_hash, publication_date) as publication_hash
    from {{ ref('int_current_records') }}

),

-- Few publications stand twice, so the grouping below is spared all others. The
-- hash only decides who goes there: two titles of one hash are still compared.
repeated_hashes as (

    select publication_hash
    from records
    group by publication_hash
    having count(*) > 1

),

single as (

    select
        records.article_type,
        records.publication_id,
        records.title,
        records.title_hash,
        records.journal,
        records.publication_date,
        records.date_precision,
        records.raw_file,
        records.replaced_raw_files as merged_raw_files
    from records
    left join repeated_hashes
        on records.publication_hash = repeated_hashes.publication_hash
    where repeated_hashes.publication_hash is null

),

repeated as (

    select records.*
    from records
    inner join repeated_hashes
        on records.publication_hash = repeated_hashes.publication_hash

),

-- Of one title and date, some records lack a journal and others an id. Ids
-- without a journal are paired with journals without an id, the first with the
-- first: an id is of one publication, so two journals must not both take it.
flagged as (

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
    from flagged
    where is_lone_id
    group by article_type, publication_id, title, publication_date

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by
                article_type, title, publication_date, is_lone_journal
            order by journal
        ) as place
    from flagged

),

-- Any other record without an id joins the journal it has, or the first id.
with_shared_ids as (

    select
        ranked.article_type,
        ranked.title,
        ranked.title_hash,
        ranked.journal,
        ranked.publication_date,
        ranked.date_precision,
        ranked.raw_file,
        ranked.file_position,
        ranked.replaced_raw_files,
        ranked.publication_id is not null as has_own_id,
        coalesce(
            ranked.publication_id,
            lone_ids.publication_id,
            case
                when ranked.is_lone_journal then null
                when ranked.journal is not null
                    then min(ranked.publication_id) over same_journal
                else min(ranked.publication_id) over same_title
            end
        ) as publication_id
    from ranked
    left join lone_ids
        on
            ranked.is_lone_journal
            and ranked.article_type = lone_ids.article_type
            and ranked.title = lone_ids.title
            and ranked.publication_date
            is not distinct from lone_ids.publication_date
            and ranked.place = lone_ids.place
    window
        same_title as (
            partition by
                ranked.article_type,
                ranked.title,
                ranked.publication_date
        ),
        same_journal as (
            partition by
                ranked.article_type,
                ranked.title,
                ranked.publication_date,
                ranked.journal
        )

),

with_shared_journals as (

    select
        article_type,
        publication_id,
        title,
        title_hash,
        publication_date,
        date_precision,
        raw_file,
        file_position,
        replaced_raw_files,
        has_own_id,
        journal is not null as has_own_journal,
        coalesce(
            journal,
            min(journal) over (
                partition by
                    article_type, title, publication_date, publication_id
            )
        ) as journal
    from with_shared_ids

),

merged as (

    select
        article_type,
        publication_id,
        title,
        title_hash,
        journal,
        publication_date,
        -- `day` < `month` < `season` < `year` in the alphabet, too.
        min(date_precision) as date_precision,
        list(
            raw_file
            order by
                not has_own_id, not has_own_journal, raw_file, file_position
        ) as raw_files,
        flatten(list(coalesce(replaced_raw_files, []))) as replaced_raw_files
    from with_shared_journals
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
            when len(raw_files) + len(replaced_raw_files) > 1
                then raw_files[2:] || list_sort(replaced_raw_files)
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
