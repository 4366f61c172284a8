{#- The one place that says which record of a publication is usable, whatever
    its file was like. The raw text is kept of what has a defect only. -#}
{% macro judge_publications(cleaned, raw_text, month_first=false) -%}
    select
        raw_file,
        record_number,
        line_number,
        defect is null or defect = 'unreadable_date' as is_usable,
        defect,
        cast(null as string) as defect_detail,
        case when defect is not null then {{ raw_text }} end as raw_text,
        publication_id,
        title,
        journal,
        publication_date,
        date_precision,
        {{ publication_hash() }} as publication_hash
    from (
        select
            *,
            case
                when reader_defect is not null then reader_defect
                when title is null then 'blank_title'
                when publication_date is null and date_text is not null
                    then 'unreadable_date'
            end as defect
        from (
            {{ read_dates(cleaned, month_first) }}
        ) as dated
    ) as judged
{%- endmacro %}
