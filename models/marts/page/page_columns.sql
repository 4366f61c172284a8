-- One list per column, so that each name is on the page once.
with mentions as (

    select * from {{ ref('mentions') }}

),

embedded as (

    select * from {{ ref('page_newest') }}

),

named_mentions as (

    select * from {{ ref('page_named_mentions') }}

),

embedded_mentions as (

    select
        named_mentions.drug_name,
        named_mentions.matched_text,
        embedded.place
    from named_mentions
    inner join embedded
        on named_mentions.publication_key = embedded.publication_key

),

drug_codes as (

    select
        drug_name,
        list(distinct atc_code order by atc_code) as atc_codes
    from mentions
    group by drug_name

),

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
