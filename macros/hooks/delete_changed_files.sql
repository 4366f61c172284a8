{#- SQL that takes out of an incremental model the rows of raw files that are
    gone or are read again by this build. -#}
{% macro delete_changed_files() -%}
    {%- if is_incremental() and not flags.EMPTY -%}
        delete from {{ this }}
        where raw_file_version not in (
            select raw_file_version from {{ ref('stg_raw_files') }}
            where not is_new
        )
    {%- endif -%}
{%- endmacro %}
