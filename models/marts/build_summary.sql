-- What a build prints at its end: the drugs and journals with the most
-- mentions, what is new, and what was put aside.
with mentions as (

    select * from {{ ref('mentions_by_name') }}

),

changed_mentions as (

    select * from {{ ref('changed_mentions') }}

),

drugs as (

    select
        drug_name as name,
        count(*) as amount,
        row_number() over (order by count(*) desc, drug_name asc) as place
    from mentions
    group by drug_name
    qualify place <= 5

),

journals_by_drugs as (

    select
        shown_journal as name,
        count(distinct drug_name) as amount,
        row_number() over (
            order by count(distinct drug_name) desc, shown_journal asc
        ) as place
    from mentions
    where shown_journal is not null
    group by shown_journal
    qualify place <= 5

),

-- `format` pads with blanks, but does not cut.
top_lines as (

    select
        coalesce(drugs.place, journals_by_drugs.place) as line_number,
        rtrim(format(
            '{:<30}{:>9}  {:<30}{:>7}',
            coalesce(cut_text(drugs.name, 30), ''),
            coalesce(format('{:,}', drugs.amount), ''),
            coalesce(cut_text(journals_by_drugs.name, 30), ''),
            coalesce(format('{:,}', journals_by_drugs.amount), '')
        )) as line
    from drugs
    full join journals_by_drugs on drugs.place = journals_by_drugs.place

),

raw_file_counts as (

    select
        count(*) as raw_files,
        count(*) filter (where is_new) as new_files
    from {{ ref('stg_raw_files') }}

),

-- If this build changed nothing, this is what an earlier one changed.
change_counts as (

    select
        count(*) filter (where changed_mentions.change = 'added') as added,
        count(*) filter (where changed_mentions.change = 'removed') as removed
    from changed_mentions

),

mention_counts as (

    select coalesce(sum(atc_code_count), 0)::bigint as mentions from mentions

),

put_aside as (

    select
        count(*) filter (where is_rejected) as records_rejected,
        count(*) filter (where not is_rejected) as records_with_warning
    from {{ ref('rejected_records') }}

),

-- To number all of them would cost more.
newest_five as (

    select
        drug,
        publication_title,
        id,
        date
    from changed_mentions
    where change = 'added'
    group by drug, publication_title, id, date
    order by date desc nulls last, drug asc, publication_title asc, id asc
    limit 5

),

newest as (

    select
        *,
        row_number() over (
            order by
                date desc nulls last, drug asc, publication_title asc, id asc
        ) as place
    from newest_five

),

lines as (

    select
        0 as line_number,
        format(
            '{:<27}{:>12}  {:<30}{:>7}',
            'Drug', 'Publications', 'Journal', 'Drugs'
        ) as line
    where exists (select 1 from top_lines)

    union all

    select
        line_number,
        line
    from top_lines

    union all

    select
        10 as line_number,
        format(
            'Raw files: {:,}, {:,} new. Mentions: {:,}. '
            || 'Last change: {:,} added, {:,} removed.',
            raw_file_counts.raw_files, raw_file_counts.new_files,
            mention_counts.mentions, change_counts.added, change_counts.removed
        ) as line
    from raw_file_counts
    cross join mention_counts
    cross join change_counts

    union all

    select
        10 + place as line_number,
        format(
            '{:<12}{}',
            coalesce(date::varchar, 'no date'),
            cut_text(drug || ': ' || publication_title, 67)
        ) as line
    from newest

    union all

    select
        20 as line_number,
        raw_file || ': slash dates are read month first, as one of them proves.'
            as line
    from {{ ref('int_month_first_files') }}

    union all

    select
        30 as line_number,
        case
            when records_rejected + records_with_warning = 0
                then 'No record was put aside.'
            else format(
                'Records put aside: {:,}. Kept without their date: {:,}. '
                || 'To see them: dbt show --select rejected_records',
                records_rejected, records_with_warning
            )
        end as line
    from put_aside

)

select
    line_number,
    line
from lines
order by line_number, line
