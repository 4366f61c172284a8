{#- A list that people maintain by hand, in seeds/, read where it stands. As a
    dbt seed each would be parsed and copied in every build, for what is read
    once, and `dbt run` would fail for want of it. -#}
{% macro maintained_list(name, columns) -%}
    {{- adapter.dispatch('maintained_list', 'drug_mentions')(name, columns) -}}
{%- endmacro %}


{% macro duckdb__maintained_list(name, columns) -%}
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


{#- A table and no view, since a view's path would be taken for a pattern. -#}
{% macro spark__maintained_list(name, columns) -%}
    {%- set relation = api.Relation.create(schema=target.schema, identifier=name) -%}
    {%- if execute -%}
        {%- do run_query(
            "create table if not exists " ~ relation ~ " (" ~ columns | join(' string, ') ~ " string) using csv "
            ~ "options (header 'true', escape '\"', multiLine 'true') location '"
            ~ dbt.escape_single_quotes(flags.PROFILES_DIR ~ '/seeds/' ~ name ~ '.csv') ~ "'"
        ) -%}
    {%- endif -%}
    {{ relation }}
{%- endmacro %}


{#- Tables of these names in the target's dataset, loaded or over the files in a
    bucket: BigQuery sees no file of this machine. -#}
{% macro bigquery__maintained_list(name, columns) -%}
    {{- api.Relation.create(database=target.database, schema=target.schema, identifier=name) -}}
{%- endmacro %}
