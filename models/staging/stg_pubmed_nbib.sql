{{ config(source_name='pubmed_nbib') }}

with lines as (

    select * from {{ read_text_lines('pubmed_nbib') }}

),

-- An article begins with its id and goes on to the next one.
numbered as (

    select
        *,
        count(case when text_line like 'PMID%' then 1 end) over (
            partition by raw_file
            order by line_number
        ) as record_number
    from lines

),

blocks as (

    select
        raw_file,
        record_number,
        {{ lines_in_order('text_line', 'line_number') }} as raw_text
    from numbered
    group by raw_file, record_number
    having {{ dbt.bool_or("trim(text_line) <> ''") }}

),

-- A text goes on in the lines below it that are indented. A chapter of a book
-- has the book's title where it has none of its own.
raw_records as (

    select
        raw_file,
        record_number,
        case when record_number = 0 then 'unparseable_row' end
            as reader_defect,
        {{ nbib_field('PMID') }} as pmid,
        coalesce(
            {{ nbib_field('TI') }}, {{ nbib_field('TT') }},
            {{ nbib_field('BTI') }}
        ) as title,
        coalesce({{ nbib_field('JT') }}, {{ nbib_field('TA') }}) as journal,
        {{ nbib_field('DP') }} as date_of_publication,
        raw_text
    from blocks

),

cleaned as (

    select
        raw_file,
        record_number,
        cast(null as bigint) as line_number,
        reader_defect,
        {{ clean_text('pmid') }} as publication_id,
        {{ clean_text('title') }} as title,
        {{ clean_text('journal') }} as journal,
        {{ clean_text('date_of_publication') }} as date_text,
        raw_text
    from raw_records

),

judged as (

    {{ judge_publications('cleaned', raw_text='left(raw_text, 10000)') }}

)

select * from judged
