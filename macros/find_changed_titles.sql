{#- Pre-hook of the model that merges records: the temporary table
    changed_titles, of all titles that stand in a new or changed raw file, or
    stood in one that has changed since or is gone. -#}
{% macro find_changed_titles() -%}
    {%- if is_file_as_written() and not is_file_up_to_date() -%}
        create or replace temp table changed_titles as
        with up_to_date as ({{ raw_files_up_to_date() }})
        select {{ publication_hash() }} as title_hash
        from {{ ref('int_publications_united') }}
        where raw_file not in (select raw_file from up_to_date)
        union
        select {{ publication_hash() }} as title_hash
        from {{ this }}
        where raw_file not in (select raw_file from up_to_date)
        union
        select {{ publication_hash() }} as title_hash
        from (
            select
                * exclude (raw_file),
                unnest(merged_raw_files) as raw_file
            from {{ this }}
            where merged_raw_files is not null
        ) as merged
        where raw_file not in (select raw_file from up_to_date)
    {%- endif -%}
{%- endmacro %}


{#- Records of one publication have one number; so may others, rarely. -#}
{% macro publication_hash() -%}
    hash(article_type, title, publication_date)
{%- endmacro %}
