{{ config(source_name='pubmed_nbib') }}
{%- set files = raw_files_in_variable('pubmed_nbib', 'nbib_files') %}

with lines as (

    {% if files -%}
    select
        file_path,
        ltrim(coalesce(line, ''), chr(65279)) as text_line,
        row_number() over () as line_number
    from {{ read_lines("getvariable('nbib_files')") }}
    {%- else -%}
        select
            null::string as file_path,
            null::string as text_line,
            null::bigint as line_number
        where false
    {%- endif %}

),

-- An article begins with its id and goes on to the next one.
numbered as (

    select
        *,
        count(*) filter (where text_line like 'PMID%') over (
            partition by file_path
            order by line_number
        ) as record_number
    from lines

),

blocks as (

    select
        file_path,
        record_number,
        string_agg(text_line, chr(10) order by line_number) as raw_text
    from numbered
    group by file_path, record_number
    having bool_or(trim(text_line) <> '')

),

-- A text goes on in the lines below it that are indented. A chapter of a book
-- has the book's title where it has none of its own.
raw_records as (

    select
        {{ raw_file_name('file_path') }} as raw_file,
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
        null::bigint as line_number,
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
