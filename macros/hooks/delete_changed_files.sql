{#- SQL that deletes from an incremental model the rows of raw files that are
    gone, or that this build reads again. -#}
{% macro delete_changed_files() -%}
    {%- if is_incremental() and not flags.EMPTY -%}
        delete from {{ this }}
        where raw_file_version not in (
            select raw_file_version from {{ ref('stg_raw_files') }}
            where not is_new
        )
    {%- endif -%}
{%- endmacro %}
