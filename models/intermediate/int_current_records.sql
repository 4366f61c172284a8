-- Where a registry gave the id, records of one id are of one publication,
-- whatever their titles and dates: ahead of print and in the issue. One of them
-- is current. All other records are.
with records as not materialized (

    select
        records.*,
        dates.publication_date,
        dates.date_precision
    from {{ ref('int_publication_records') }} as records
    left join {{ ref('int_deleted_records') }} as deleted_records
        on
            records.file_position = deleted_records.file_position
            and records.raw_file = deleted_records.raw_file
            and records.article_type = deleted_records.article_type
    left join {{ ref('int_dates') }} as dates
        on
            records.date_text = dates.date_text
            and records.is_month_first = dates.is_month_first
    where deleted_records.raw_file is null

),

-- Few ids stand twice, so what follows is spared all others.
repeated_ids as (

    select
        article_type,
        publication_id
    from records
    where has_registered_id
    group by article_type, publication_id
    having count(*) > 1

),

marked as not materialized (

    select
        records.*,
        repeated_ids.publication_id is not null as has_repeated_id
    from records
    left join repeated_ids
        on
            records.has_registered_id
            and records.article_type = repeated_ids.article_type
            and records.publication_id = repeated_ids.publication_id

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
                case
                    when record_version is not null
                        then parse_filename(raw_file)
                end desc nulls last,
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
    from marked
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

current_records as (

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
        null::varchar[] as replaced_raw_files
    from marked
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
        copies.raw_files as replaced_raw_files
    from ranked
    inner join copies
        on
            ranked.article_type = copies.article_type
            and ranked.publication_id = copies.publication_id
    where ranked.completeness_rank = 1

)

select * from current_records
