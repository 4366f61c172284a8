-- What a build prints at its end: the drugs and journals with the most mentions
-- and what is new, at most seventeen lines of 79 letters.
with mentions as (

    select * from {{ ref('mentioned_drugs') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

changed_mentions as (

    select * from {{ ref('changed_mentions') }}

),

publications as (

    select
        mentions.drug,
        coalesce(journals.shown_journal, mentions.journal) as journal
    from mentions
    left join journals on mentions.journal = journals.journal
    group by
        mentions.drug, mentions.article_type, mentions.id,
        mentions.publication_title, mentions.date,
        coalesce(journals.shown_journal, mentions.journal)

),

drugs as (

    select
        drug as name,
        count(*) as amount,
        row_number() over (order by count(*) desc, drug asc) as place
    from publications
    group by drug

),

journals_by_drugs as (

    select
        journal as name,
        count(distinct drug) as amount,
        row_number() over (order by count(distinct drug) desc, journal asc)
            as place
    from publications
    where journal is not null
    group by journal

),

-- A name of any length in a column of 30.
cells as (

    select
        'drug' as side,
        place,
        amount,
        case
            when length(name) > 30 then left(name, 29) || '…' else name
        end as name
    from drugs
    where place <= 5

    union all

    select
        'journal' as side,
        place,
        amount,
        case
            when length(name) > 30 then left(name, 29) || '…' else name
        end as name
    from journals_by_drugs
    where place <= 5

),

top_lines as (

    select
        place as line_number,
        rtrim(
            rpad(coalesce(any_value(name) filter (where side = 'drug'), ''), 30, ' ')
            || lpad(
                coalesce(
                    format('{:,}', any_value(amount) filter (where side = 'drug')),
                    ''
                ),
                9, ' '
            )
            || '  '
            || rpad(
                coalesce(any_value(name) filter (where side = 'journal'), ''),
                30, ' '
            )
            || lpad(
                coalesce(
                    format(
                        '{:,}', any_value(amount) filter (where side = 'journal')
                    ),
                    ''
                ),
                7, ' '
            )
        ) as line
    from cells
    group by place

),

change_counts as (

    select
        count(*) filter (where change = 'added') as added,
        count(*) filter (where change = 'removed') as removed
    from changed_mentions

),

newest as (

    select
        drug,
        publication_title,
        date,
        row_number() over (
            order by
                date desc nulls last, drug asc, publication_title asc, id asc
        ) as place
    from changed_mentions
    where change = 'added'
    group by drug, publication_title, date, id

),

lines as (

    select
        0 as line_number,
        rpad('Drug', 27, ' ') || 'Publications' || '  '
        || rpad('Journal', 30, ' ') || '  Drugs' as line
    where exists (select 1 from top_lines)

    union all

    select
        line_number,
        line
    from top_lines

    union all

    select
        10 as line_number,
        format('{:,} new in the file, {:,} gone.', added, removed) as line
    from change_counts

    union all

    select
        10 + place as line_number,
        rpad(coalesce(date::varchar, 'no date'), 12, ' ')
        || case
            when length(drug || ': ' || publication_title) > 67
                then left(drug || ': ' || publication_title, 66) || '…'
            else drug || ': ' || publication_title
        end as line
    from newest
    where place <= 5

)

select
    line_number,
    line
from lines
order by line_number
