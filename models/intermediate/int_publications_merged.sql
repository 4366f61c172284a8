with publications as (

    select
        *,
        hash(article_type, title, publication_date) as title_hash
    from {{ ref('int_publications_united') }}

),

-- Few titles stand twice, so the grouping below is spared all others. The hash
-- only decides who goes there: two titles of one hash are still compared.
repeated_titles as (

    select title_hash
    from publications
    group by title_hash
    having count(*) > 1

),

single as (

    select
        publications.article_type,
        publications.publication_id,
        publications.title,
        publications.journal,
        publications.publication_date,
        publications.raw_file,
        null::varchar[] as merged_raw_files
    from publications
    anti join repeated_titles
        on publications.title_hash = repeated_titles.title_hash

),

repeated as (

    select publications.*
    from publications
    semi join repeated_titles
        on publications.title_hash = repeated_titles.title_hash

),

-- A record without an id takes it from a record with the same journal, or else
-- from one that lacks the journal, or else, lacking both, from any.
identified as (

    select
        * exclude (publication_id),
        coalesce(
            publication_id,
            min(publication_id) over same_journal,
            min(publication_id) filter (where journal is null) over same_title,
            case
                when journal is null then min(publication_id) over same_title
            end
        ) as publication_id,
        publication_id is not null as has_own_id
    from repeated
    window
        same_title as (partition by article_type, title, publication_date),
        same_journal as (
            partition by article_type, title, publication_date, journal
        )

),

completed as (

    select
        * exclude (journal),
        coalesce(
            journal,
            min(journal) over (
                partition by
                    article_type, title, publication_date, publication_id
            )
        ) as journal,
        journal is not null as has_own_journal
    from identified

),

merged as (

    select
        article_type,
        publication_id,
        title,
        journal,
        publication_date,
        list(
            raw_file
            order by
                has_own_id desc, has_own_journal desc, raw_file asc,
                table_position asc
        ) as raw_files
    from completed
    group by article_type, publication_id, title, journal, publication_date

),

all_publications as (

    select * from single

    union all

    select
        article_type,
        publication_id,
        title,
        journal,
        publication_date,
        raw_files[1] as raw_file,
        nullif(raw_files[2:], []) as merged_raw_files
    from merged

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
