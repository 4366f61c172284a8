-- The page itself counts the same for the publications that a filter leaves:
-- summarise() in macros/publishing/page/2_mentions.js.
with drugs as (

    select * from {{ ref('int_drugs') }}

),

publications as (

    select * from {{ ref('page_publications') }}

),

named_mentions as (

    select * from {{ ref('page_named_mentions') }}

),

described_mentions as (

    select
        *,
        year(publication_date) * 12 + month(publication_date) - 1
            as month_number
    from named_mentions

),

mention_totals as (

    select
        count(*) as mentions,
        coalesce(sum(atc_code_count), 0)::bigint as published_rows,
        count(distinct drug_name) as drugs,
        count(*) filter (where publication_date is null) as undated
    from described_mentions

),

publication_totals as (

    select
        count(*) as publications,
        count(*) filter (where article_type = 'pubmed') as articles,
        count(*) filter (where article_type = 'clinical_trials') as trials,
        count(distinct shown_journal) as journals,
        min(publication_date) - date '1970-01-01' as first_day,
        max(publication_date) - date '1970-01-01' as last_day
    from publications

),

mentions_by_month as (

    select
        month_number,
        count(*) filter (where article_type = 'pubmed') as articles,
        count(*) filter (where article_type = 'clinical_trials') as trials
    from described_mentions
    where month_number is not null
    group by month_number

),

months as (

    select
        coalesce(
            list([month_number, articles, trials] order by month_number), []
        ) as months
    from mentions_by_month

),

-- The first twenty drugs and journals, as many as the page shows.
top_drugs as (

    select
        drug_name,
        count(*) as publications,
        row_number() over (order by count(*) desc, drug_name asc) as place
    from described_mentions
    group by drug_name
    order by place
    limit 20

),

top_journals as (

    select
        shown_journal,
        count(*) as publications,
        row_number() over (order by count(*) desc, shown_journal asc) as place
    from publications
    where shown_journal is not null
    group by shown_journal
    order by place
    limit 20

),

top_drug_months as (

    select
        described_mentions.drug_name,
        described_mentions.month_number,
        count(*) as publications
    from described_mentions
    inner join top_drugs
        on described_mentions.drug_name = top_drugs.drug_name
    where described_mentions.month_number is not null
    group by described_mentions.drug_name, described_mentions.month_number

),

top_drug_series as (

    select
        drug_name,
        list([month_number, publications] order by month_number) as months
    from top_drug_months
    group by drug_name

),

listed_top_drugs as (

    select
        coalesce(
            list(
                {
                    'name': top_drugs.drug_name,
                    'publications': top_drugs.publications,
                    'months': coalesce(top_drug_series.months, [])
                }
                order by top_drugs.place
            ),
            []
        ) as top_drugs
    from top_drugs
    left join top_drug_series
        on top_drugs.drug_name = top_drug_series.drug_name

),

listed_top_journals as (

    select
        coalesce(
            list(
                struct_pack(name := shown_journal, publications)
                order by place
            ),
            []
        ) as top_journals
    from top_journals

),

top_pairs as (

    select
        drug_name,
        shown_journal,
        count(*) as publications
    from described_mentions
    where shown_journal is not null
    group by drug_name, shown_journal

),

top_cells as (

    select
        top_drugs.place as drug_place,
        list(coalesce(top_pairs.publications, 0) order by top_journals.place)
            as publications
    from top_drugs
    cross join top_journals
    left join top_pairs
        on
            top_drugs.drug_name = top_pairs.drug_name
            and top_journals.shown_journal = top_pairs.shown_journal
    group by top_drugs.place

),

cells as (

    select coalesce(list(publications order by drug_place), []) as cells
    from top_cells

),

-- Which journal mentions the most different drugs?
drugs_by_journal as (

    select
        shown_journal,
        count(*) as drug_count,
        list(drug_name order by drug_name)[:13] as drug_names
    from top_pairs
    group by shown_journal

),

leaders as (

    select
        coalesce(
            list(
                {
                    'journal': shown_journal,
                    'drugCount': drug_count,
                    'drugs': drug_names
                }
                order by drug_count desc, shown_journal asc
            )[:8],
            []
        ) as leaders,
        count(*) filter (
            where drug_count = (
                select max(most.drug_count) from drugs_by_journal as most
            )
        ) - 1 as tied
    from drugs_by_journal

),

listed_drugs as (

    select count(distinct drug_name) as drug_count
    from drugs

),

totals as (

    select
        {
            'rows': mention_totals.published_rows,
            'mentions': mention_totals.mentions,
            'publications': publication_totals.publications,
            'articles': publication_totals.articles,
            'trials': publication_totals.trials,
            'drugs': mention_totals.drugs,
            'journals': publication_totals.journals,
            'undated': mention_totals.undated,
            'months': months.months,
            'topDrugs': listed_top_drugs.top_drugs,
            'topJournals': listed_top_journals.top_journals,
            'cells': cells.cells,
            'leaders': leaders.leaders,
            'tied': leaders.tied,
            'first': publication_totals.first_day,
            'last': publication_totals.last_day
        } as totals,
        listed_drugs.drug_count as listed_drugs
    from mention_totals
    cross join publication_totals
    cross join months
    cross join listed_top_drugs
    cross join listed_top_journals
    cross join cells
    cross join leaders
    cross join listed_drugs

)

select * from totals
