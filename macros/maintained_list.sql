{#- A list that people maintain by hand, in seeds/, read where it stands. As a
    dbt seed each would be parsed and copied in every build, for what is read
    once, and `dbt run` would fail for want of it. -#}
{% macro maintained_list(name, columns) -%}
    read_csv(
        '{{ (flags.PROFILES_DIR ~ '/') | replace("'", "''")
            | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')
        }}seeds/{{ name }}.csv',
        auto_detect = false,
        header = true,
        delim = ',',
        quote = '"',
        escape = '"',
        columns = {
        {%- for column in columns -%}
            '{{ column }}': 'varchar'{{ ', ' if not loop.last }}
        {%- endfor -%}
        }
    )
{%- endmacro %}
