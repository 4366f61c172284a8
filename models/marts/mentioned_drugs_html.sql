-- The published mentions as one page, which opens from disk and loads nothing:
-- the template in macros/publishing/page/, and the data as JSON.
--
-- It waits for the same audits as the JSON.
-- depends_on: {{ ref('raw_file_reconciliation') }}
with mentions as (

    select * from {{ ref('mentions') }}

),

drugs as (

    select * from {{ ref('int_drugs') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

reconciliation as (

    select * from {{ ref('raw_file_reconciliation') }}

),

rejected_records as (

    select * from {{ ref('rejected_records') }}

),

template as (

    -- A checkout for Windows may end lines in CR LF, and the policy below is
    -- about what a browser makes of them.
    select
        name,
        replace(content, chr(13), '') as content
    from {{ source('seeds', 'page_template') }}

),

-- A drug on several ATC codes has a mention for each. Drugs are counted by
-- name, as in the question about journals.
named_mentions as (

    select
        publication_key,
        drug_name,
        min(matched_text) as matched_text,
        count(*) as row_count
    from mentions
    group by publication_key, drug_name

),

drug_codes as (

    select
        drug_name,
        list(distinct atc_code order by atc_code) as atc_codes
    from mentions
    group by drug_name

),

mentioned_publications as (

    select
        publication_key,
        any_value(title) as title,
        any_value(article_type) as article_type,
        any_value(publication_id) as publication_id,
        any_value(journal) as journal,
        any_value(publication_date) as publication_date,
        any_value(date_precision) as date_precision,
        count(distinct drug_name) as mention_count
    from mentions
    group by publication_key

),

-- Journals are counted as one however they are written.
publications as (

    select
        mentioned_publications.*,
        coalesce(journals.shown_journal, mentioned_publications.journal)
            as shown_journal,
        row_number() over (
            order by
                mentioned_publications.publication_date desc nulls last,
                mentioned_publications.title asc,
                mentioned_publications.article_type asc,
                mentioned_publications.publication_id asc nulls last,
                mentioned_publications.journal asc nulls last,
                mentioned_publications.publication_key asc
        ) as place
    from mentioned_publications
    left join journals
        on mentioned_publications.journal = journals.journal

),

-- What is embedded: the newest publications, so many that the page stays below
-- 20 MB. A text that stands on the page once is counted with the first of them.
newest as (

    select *
    from publications
    qualify
        sum(mention_count) over (order by place) <= {{ var('page_mentions') }}

),

newest_mentions as (

    select
        named_mentions.drug_name,
        named_mentions.matched_text,
        newest.place,
        row_number() over (
            partition by named_mentions.drug_name
            order by newest.place, named_mentions.matched_text
        ) = 1 as is_first_of_drug,
        row_number() over (
            partition by named_mentions.matched_text
            order by newest.place, named_mentions.drug_name
        ) = 1 as is_first_of_text
    from named_mentions
    inner join newest
        on named_mentions.publication_key = newest.publication_key

),

mention_sizes as (

    select
        place,
        sum(
            12
            + case
                when is_first_of_drug
                    then 20 + strlen(to_json(drug_name)::varchar)
                else 0
            end
            + case
                when is_first_of_text
                    then 2 + strlen(to_json(matched_text)::varchar)
                else 0
            end
        ) as size_bytes
    from newest_mentions
    group by place

),

publication_sizes as (

    select
        newest.place,
        mention_sizes.size_bytes
        + 20
        -- `<` takes five more, see `data` below.
        + strlen(to_json(newest.title)::varchar)
        + 5 * (length(newest.title) - length(replace(newest.title, '<', '')))
        + coalesce(strlen(newest.publication_id), 0)
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

),

fitting as (

    select place
    from publication_sizes
    qualify sum(size_bytes) over (order by place) <= 18500000

),

embedded as (

    select
        newest.*,
        newest.publication_date
        - lag(newest.publication_date) over (order by newest.place)
            as days_after_newer
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

    -- The most frequent have the shortest numbers.
    select
        matched_text,
        row_number() over (order by count(*) desc, matched_text asc) - 1
            as number
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
                    'id': embedded.publication_id,
                    'journal': numbered_journals.number,
                    -- From the newest on, days after the one before: most
                    -- are 0 or -1, which is short.
                    'day': coalesce(
                        embedded.days_after_newer,
                        embedded.publication_date - date '1970-01-01'
                    ),
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
                    'text': numbered_texts.number
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

-- All that was published, counted, whatever is embedded of it. The page counts
-- the same of what a filter leaves, see summarise() in 2_mentions.js.
described_mentions as (

    select
        named_mentions.drug_name,
        named_mentions.row_count,
        publications.publication_key,
        publications.shown_journal,
        publications.article_type,
        publications.publication_date,
        year(publications.publication_date) * 12
        + month(publications.publication_date) - 1 as month_number
    from named_mentions
    inner join publications
        on named_mentions.publication_key = publications.publication_key

),

mention_totals as (

    select
        count(*) as mentions,
        coalesce(sum(row_count), 0)::bigint as row_count,
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
                {'name': shown_journal, 'publications': publications}
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

-- Where every record went.
record_totals as (

    select
        count(*) as files,
        coalesce(sum(records_read), 0)::bigint as records_read,
        coalesce(sum(records_kept), 0)::bigint as records_kept,
        coalesce(sum(records_merged), 0)::bigint as records_merged,
        coalesce(sum(records_deleted), 0)::bigint as records_deleted,
        coalesce(sum(records_rejected), 0)::bigint as records_rejected,
        coalesce(sum(records_with_warning), 0)::bigint as records_with_warning
    from reconciliation

),

-- Of very many files those that lost most.
shown_files as (

    select *
    from reconciliation
    qualify
        row_number() over (
            order by
                records_rejected + records_with_warning desc, raw_file asc
        ) <= 500

),

files as (

    select
        coalesce(
            list(
                {
                    'file': left(raw_file, 300),
                    'kind': source_name,
                    'read': records_read,
                    'kept': records_kept,
                    'merged': records_merged,
                    'deleted': records_deleted,
                    'rejected': records_rejected,
                    'warned': records_with_warning
                }
                order by raw_file
            ),
            []
        ) as files
    from shown_files

),

reason_counts as (

    select
        reason,
        count(*) as records
    from rejected_records
    group by reason

),

reasons as (

    select
        coalesce(
            list(
                {'reason': reason, 'records': records}
                order by records desc, reason asc
            ),
            []
        ) as reasons
    from reason_counts

),

first_rejected as (

    select
        *,
        row_number() over (
            partition by reason
            order by
                raw_file asc,
                line_number asc nulls last,
                record_number asc nulls last,
                raw_text asc nulls last
        ) as place
    from rejected_records
    qualify place <= 20

),

examples as (

    select
        coalesce(
            list(
                {
                    'file': left(raw_file, 300),
                    'line': line_number,
                    'record': record_number,
                    'reason': reason,
                    'text': left(raw_text, 300)
                }
                order by reason, place
            ),
            []
        ) as examples
    from first_rejected

),

data as (

    -- A title must not end the element that it stands in, so there is no `<`.
    select
        replace(
            replace(
                replace(
                    to_json({
                        'listed_drugs': (
                            select count(distinct drugs.drug_name) from drugs
                        ),
                        'drugs': (
                            select {'name': columns.name, 'codes': columns.codes}
                            from drug_columns as columns
                        ),
                        'journals': (
                            select {'name': columns.name, 'shown': columns.shown}
                            from journal_columns as columns
                        ),
                        'publications': (
                            select
                                {
                                    'title': columns.title,
                                    'id': columns.id,
                                    'journal': columns.journal,
                                    'day': columns.day,
                                    'form': columns.form,
                                    'mentions': columns.mentions
                                }
                            from publication_columns as columns
                        ),
                        'mentions': (
                            select {'drug': columns.drug, 'text': columns.text}
                            from mention_columns as columns
                        ),
                        'texts': (select text_column.texts from text_column),
                        'embedded': (
                            select
                                {
                                    'publications': count(*),
                                    'since': min(embedded.publication_date)
                                    - date '1970-01-01'
                                }
                            from embedded
                        ),
                        'all': {
                            'rows': mention_totals.row_count,
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
                        },
                        'records': {
                            'totals': {
                                'files': record_totals.files,
                                'read': record_totals.records_read,
                                'kept': record_totals.records_kept,
                                'merged': record_totals.records_merged,
                                'deleted': record_totals.records_deleted,
                                'rejected': record_totals.records_rejected,
                                'warned': record_totals.records_with_warning
                            },
                            'files': files.files,
                            'reasons': reasons.reasons,
                            'examples': examples.examples
                        }
                    })::varchar,
                    '<', '\u003c'
                ),
                chr(8232), '\u2028'
            ),
            chr(8233), '\u2029'
        ) as content
    from mention_totals
    cross join publication_totals
    cross join months
    cross join listed_top_drugs
    cross join listed_top_journals
    cross join cells
    cross join leaders
    cross join record_totals
    cross join files
    cross join reasons
    cross join examples

),

code as (

    select
        min(content) filter (where name = 'page.html') as page,
        min(content) filter (where name = 'style.css') as style,
        -- The libraries first, then the page's own files by their numbers.
        string_agg(
            content, chr(10)
            order by not starts_with(name, 'libraries/'), name
        ) filter (where ends_with(name, '.js')) as script
    from template

),

-- The browser runs this script and this style, by their hashes, and fetches
-- nothing, whatever a title says.
filled as (

    select
        replace(
            replace(
                replace(
                    page,
                    '%%policy%%',
                    'default-src ''none''; img-src data:; base-uri ''none''; '
                    || 'form-action ''none''; '
                    || 'require-trusted-types-for ''script''; '
                    || 'trusted-types ''none''; '
                    || 'script-src ''sha256-'
                    || to_base64(unhex(sha256(script)))
                    || '''; style-src ''sha256-'
                    || to_base64(unhex(sha256(style)))
                    || ''''
                ),
                '%%style%%',
                style
            ),
            '%%script%%',
            script
        ) as page
    from code

),

page as (

    -- The data last, since nothing must be replaced in it.
    select replace(filled.page, '%%data%%', data.content) as content
    from filled
    cross join data

)

select * from page
