with mentions as (

    select * from {{ ref('mentions') }}

),

publications as (

    select * from {{ ref('page_publications') }}

),

named_mentions as (

    select * from {{ ref('page_mentions') }}

),

drug_codes as (

    select
        drug_name,
        list(distinct atc_code order by atc_code) as atc_codes
    from mentions
    group by drug_name

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

-- What is embedded: the newest publications, so many that the page stays below
-- 20 MB. A text that stands on the page once is counted with the first of them.
newest as (

    select
        *,
        -- From the newest on, days after the one before: most are 0 or -1,
        -- which is short.
        coalesce(
            publication_date - newer_date,
            publication_date - date '1970-01-01'
        ) as days_after_newer,
        -- Digits take no quotes.
        case
            when regexp_full_match(publication_id, '[1-9][0-9]{0,8}')
                then publication_id::json
            else to_json(publication_id)
        end as id_json
    from numbered
    where mentions_so_far <= {{ var('page_mentions') }}

),

-- Where the words of the title are the drug's name, the name is enough.
matched_mentions as (

    select
        publication_key,
        drug_name,
        case
            when lower(matched_text) != lower(drug_name) then matched_text
        end as matched_text
    from named_mentions

),

newest_mentions as (

    select
        matched_mentions.drug_name,
        matched_mentions.matched_text,
        newest.place,
        row_number() over (
            partition by matched_mentions.drug_name
            order by newest.place
        ) = 1 as is_first_of_drug,
        row_number() over (
            partition by matched_mentions.matched_text
            order by newest.place, matched_mentions.drug_name
        ) = 1 as is_first_of_text
    from matched_mentions
    inner join newest
        on matched_mentions.publication_key = newest.publication_key

),

-- How long a number of a drug and of a journal may be.
number_sizes as (

    select
        strlen(count(distinct mentions.drug_name)::varchar) as drug_digits,
        strlen((2 * count(distinct mentions.journal))::varchar)
            as journal_digits
    from mentions

),

mention_sizes as (

    select
        newest_mentions.place,
        sum(
            3
            + number_sizes.drug_digits
            + case
                when newest_mentions.is_first_of_drug
                    then 20 + strlen(to_json(newest_mentions.drug_name)::varchar)
                else 0
            end
            + case
                when newest_mentions.matched_text is null then 0
                when newest_mentions.is_first_of_text
                    then
                        7
                        + strlen(to_json(newest_mentions.matched_text)::varchar)
                else 5
            end
        ) as size_bytes
    from newest_mentions
    cross join number_sizes
    group by newest_mentions.place

),

publication_sizes as (

    select
        newest.place,
        mention_sizes.size_bytes
        -- Commas, the form, the number of mentions and that of the journal.
        + 7
        + number_sizes.journal_digits
        + strlen(newest.days_after_newer::varchar)
        -- `<` takes five more, see `data` below.
        + strlen(to_json(newest.title)::varchar)
        + 5 * (length(newest.title) - length(replace(newest.title, '<', '')))
        + coalesce(strlen(newest.id_json::varchar), 4)
        + case
            when
                row_number() over (
                    partition by newest.journal order by newest.place
                ) = 1
                then coalesce(3 * strlen(to_json(newest.journal)::varchar), 0)
            else 0
        end as size_bytes
    from newest
    inner join mention_sizes on newest.place = mention_sizes.place
    cross join number_sizes

),

fitting as (

    select place
    from publication_sizes
    qualify sum(size_bytes) over (order by place) <= 18500000

),

embedded as (

    select newest.*
    from newest
    inner join fitting on newest.place = fitting.place

),

embedded_mentions as (

    select
        newest_mentions.drug_name,
        newest_mentions.matched_text,
        newest_mentions.place
    from newest_mentions
    inner join fitting on newest_mentions.place = fitting.place

),

-- Columns, so that each name stands on the page once.
numbered_drugs as (

    select
        drug_codes.*,
        row_number() over (order by drug_codes.drug_name) - 1 as number
    from drug_codes
    where
        drug_codes.drug_name in (
            select embedded_mentions.drug_name from embedded_mentions
        )

),

numbered_texts as (

    -- The most frequent have the shortest numbers; 0 is none.
    select
        matched_text,
        row_number() over (order by count(*) desc, matched_text asc) as number
    from embedded_mentions
    where matched_text is not null
    group by matched_text

),

journal_names as (

    select journal
    from embedded
    where journal is not null

    union

    select shown_journal
    from embedded
    where shown_journal is not null

),

numbered_journals as (

    select
        journal,
        row_number() over (order by journal) - 1 as number
    from journal_names

),

shown_journals as (

    select
        journal,
        any_value(shown_journal) as shown_journal
    from embedded
    where journal is not null
    group by journal

),

drug_columns as (

    select
        coalesce(list(drug_name order by number), []) as name,
        coalesce(list(atc_codes order by number), []) as codes
    from numbered_drugs

),

text_column as (

    select coalesce(list(matched_text order by number), []) as texts
    from numbered_texts

),

journal_columns as (

    select
        coalesce(
            list(numbered_journals.journal order by numbered_journals.number),
            []
        ) as name,
        coalesce(
            list(
                coalesce(shown.number, numbered_journals.number)
                order by numbered_journals.number
            ),
            []
        ) as shown
    from numbered_journals
    left join shown_journals
        on numbered_journals.journal = shown_journals.journal
    left join numbered_journals as shown
        on shown_journals.shown_journal = shown.journal

),

-- One sort for all columns.
listed_publications as (

    select
        coalesce(
            list(
                {
                    'title': embedded.title,
                    'id': embedded.id_json,
                    'journal': numbered_journals.number,
                    'day': embedded.days_after_newer,
                    -- 0 to 2 an article, 3 to 5 a trial: day, month, year.
                    'form': case
                        when embedded.article_type = 'clinical_trials' then 3
                        else 0
                    end
                    + case embedded.date_precision
                        when 'month' then 1
                        when 'season' then 2
                        when 'year' then 2
                        else 0
                    end,
                    'mentions': embedded.mention_count
                }
                order by embedded.place
            ),
            []
        ) as listed
    from embedded
    left join numbered_journals
        on embedded.journal = numbered_journals.journal

),

publication_columns as (

    select
        list_transform(listed, lambda one: one.title) as title,
        list_transform(listed, lambda one: one.id) as id,
        list_transform(listed, lambda one: one.journal) as journal,
        list_transform(listed, lambda one: one.day) as day,
        array_to_string(list_transform(listed, lambda one: one.form), '')
            as form,
        list_transform(listed, lambda one: one.mentions) as mentions
    from listed_publications

),

listed_mentions as (

    select
        coalesce(
            list(
                {
                    'drug': numbered_drugs.number,
                    'text': coalesce(numbered_texts.number, 0)
                }
                order by embedded_mentions.place, numbered_drugs.number
            ),
            []
        ) as listed
    from embedded_mentions
    inner join numbered_drugs
        on embedded_mentions.drug_name = numbered_drugs.drug_name
    left join numbered_texts
        on embedded_mentions.matched_text = numbered_texts.matched_text

),

mention_columns as (

    select
        list_transform(listed, lambda one: one.drug) as drug,
        list_transform(listed, lambda one: one.text) as text
    from listed_mentions

),

embedded_totals as (

    select
        count(*) as publications,
        min(publication_date) - date '1970-01-01' as since
    from embedded

),

columns_of_page as (

    select
        {
            'name': drug_columns.name, 'codes': drug_columns.codes
        } as drugs,
        {
            'name': journal_columns.name, 'shown': journal_columns.shown
        } as journals,
        {
            'title': publication_columns.title,
            'id': publication_columns.id,
            'journal': publication_columns.journal,
            'day': publication_columns.day,
            'form': publication_columns.form,
            'mentions': publication_columns.mentions
        } as publications,
        {
            'drug': mention_columns.drug, 'text': mention_columns.text
        } as mentions,
        text_column.texts,
        {
            'publications': embedded_totals.publications,
            'since': embedded_totals.since
        } as embedded
    from drug_columns
    cross join journal_columns
    cross join publication_columns
    cross join mention_columns
    cross join text_column
    cross join embedded_totals

)

select * from columns_of_page
