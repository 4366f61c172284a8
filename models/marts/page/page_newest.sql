-- What the page embeds: the newest publications, so many that the page stays
-- below 20 MB.
with mentions as (

    select * from {{ ref('mentions') }}

),

publications as (

    select * from {{ ref('page_publications') }}

),

named_mentions as (

    select * from {{ ref('page_named_mentions') }}

),

-- The newest days, until there are enough mentions. Only the titles of these
-- days are read and put in order.
newest_days as (

    select publication_date
    from publications
    group by publication_date
    qualify
        sum(sum(mention_count)) over (
            order by publication_date desc nulls last
        ) - sum(mention_count) < {{ var('page_mentions') }}

),

titles as (

    select
        mentions.publication_key,
        any_value(mentions.title) as title,
        any_value(mentions.publication_id) as publication_id,
        any_value(mentions.date_precision) as date_precision
    from mentions
    inner join newest_days
        on
            mentions.publication_date
            is not distinct from newest_days.publication_date
    group by mentions.publication_key

),

numbered as (

    select
        publications.*,
        titles.title,
        titles.publication_id,
        titles.date_precision,
        row_number() over newest_first as place,
        lag(publications.publication_date) over newest_first as newer_date,
        sum(publications.mention_count) over newest_first as mentions_so_far
    from publications
    inner join titles
        on publications.publication_key = titles.publication_key
    window newest_first as (
        order by
            publications.publication_date desc nulls last,
            titles.title asc,
            publications.article_type asc,
            titles.publication_id asc nulls last,
            publications.journal asc nulls last,
            publications.publication_key asc
    )

),

newest as (

    select
        *,
        -- Days from the next newer publication to this one: most are 0 or -1,
        -- which is short.
        coalesce(
            publication_date - newer_date,
            publication_date - date '1970-01-01'
        ) as days_after_newer,
        -- A number needs no quotes.
        case
            when regexp_full_match(publication_id, '[1-9][0-9]{0,8}')
                then publication_id::json
            else to_json(publication_id)
        end as id_json
    from numbered
    where mentions_so_far <= {{ var('page_mentions') }}

),

newest_mentions as (

    select
        named_mentions.drug_name,
        named_mentions.matched_text,
        newest.place
    from named_mentions
    inner join newest
        on named_mentions.publication_key = newest.publication_key

),

-- How long a number of a drug and of a journal may be.
number_sizes as (

    select
        strlen(count(distinct drug_name)::varchar) as drug_digits,
        strlen((2 * count(distinct journal))::varchar) as journal_digits
    from named_mentions

),

-- A name is on the page once. Its size counts at the first publication that
-- needs it.
sizes as (

    select
        min(place) as place,
        20 + strlen(to_json(drug_name)::varchar) as size_bytes
    from newest_mentions
    group by drug_name

    union all

    select
        min(place) as place,
        2 + strlen(to_json(matched_text)::varchar) as size_bytes
    from newest_mentions
    where matched_text is not null
    group by matched_text

    union all

    select
        min(place) as place,
        3 * strlen(to_json(journal)::varchar) as size_bytes
    from newest
    where journal is not null
    group by journal

    union all

    select
        newest.place,
        -- Commas, the form, the number of mentions and that of the journal.
        7
        + number_sizes.journal_digits
        + newest.mention_count * (3 + number_sizes.drug_digits)
        + newest.text_count * 5
        + strlen(newest.days_after_newer::varchar)
        -- `<` takes five more, see `data` in mentioned_drugs_html.
        + strlen(to_json(newest.title)::varchar)
        + 5 * (length(newest.title) - length(replace(newest.title, '<', '')))
        + coalesce(strlen(newest.id_json::varchar), 4) as size_bytes
    from newest
    cross join number_sizes

),

fitting as (

    select place
    from sizes
    group by place
    qualify sum(sum(size_bytes)) over (order by place) <= 18500000

),

embedded as (

    select
        newest.publication_key,
        newest.place,
        newest.title,
        newest.id_json,
        newest.article_type,
        newest.journal,
        newest.shown_journal,
        newest.publication_date,
        newest.date_precision,
        newest.days_after_newer,
        newest.mention_count
    from newest
    inner join fitting on newest.place = fitting.place

)

select * from embedded
