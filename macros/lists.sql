{#- Lists: made, taken apart and put together. Places count from 1; where there
    is none, there is no item. -#}
{% macro list_of(items) -%}
    {{- adapter.dispatch('list_of', 'drug_mentions')(items) -}}
{%- endmacro %}


{% macro duckdb__list_of(items) -%}
    [{{ items | join(', ') }}]
{%- endmacro %}


{% macro spark__list_of(items) -%}
    array({{ items | join(', ') }})
{%- endmacro %}


{#- A list of Jinja's, which may be empty. -#}
{% macro list_of_texts(texts) -%}
    {{- adapter.dispatch('list_of_texts', 'drug_mentions')(texts) -}}
{%- endmacro %}


{% macro duckdb__list_of_texts(texts) -%}
    {{ texts }}::varchar[]
{%- endmacro %}


{% macro spark__list_of_texts(texts) -%}
    cast(array({{ "'" ~ texts | join("', '") ~ "'" if texts }}) as array<string>)
{%- endmacro %}


{% macro list_has_all(list, items) -%}
    {{- adapter.dispatch('list_has_all', 'drug_mentions')(list, items) -}}
{%- endmacro %}


{% macro duckdb__list_has_all(list, items) -%}
    list_has_all({{ list }}, {{ items }})
{%- endmacro %}


{% macro spark__list_has_all(list, items) -%}
    cardinality(array_except({{ items }}, {{ list }})) = 0
{%- endmacro %}


{#- All values of a group, by what they are sorted by, ascending. -#}
{% macro list_in_order(value, sorted_by) -%}
    {{- adapter.dispatch('list_in_order', 'drug_mentions')(value, sorted_by) -}}
{%- endmacro %}


{% macro duckdb__list_in_order(value, sorted_by) -%}
    list({{ value }} order by {{ sorted_by | join(', ') }})
{%- endmacro %}


{% macro spark__list_in_order(value, sorted_by) -%}
    array_sort(array_agg(struct({{ sorted_by | join(', ') }}, {{ value }} as listed))).listed
{%- endmacro %}


{% macro list_item(list, place) -%}
    {{- adapter.dispatch('list_item', 'drug_mentions')(list, place) -}}
{%- endmacro %}


{% macro duckdb__list_item(list, place) -%}
    {{ list }}[{{ place }}]
{%- endmacro %}


{% macro spark__list_item(list, place) -%}
    get({{ list }}, {{ place }} - 1)
{%- endmacro %}


{#- Items from one place on, to the last or to as many as are asked for. -#}
{% macro list_part(list, place, items=none) -%}
    {{- adapter.dispatch('list_part', 'drug_mentions')(list, place, items) -}}
{%- endmacro %}


{% macro duckdb__list_part(list, place, items) -%}
    {{ list }}[{{ place }}:{{ place ~ ' + ' ~ items ~ ' - 1' if items is not none }}]
{%- endmacro %}


{% macro spark__list_part(list, place, items) -%}
    slice({{ list }}, {{ place }}, {{ items if items is not none else 'cardinality(' ~ list ~ ')' }})
{%- endmacro %}


{% macro list_joined(list, separator) -%}
    {{- adapter.dispatch('list_joined', 'drug_mentions')(list, separator) -}}
{%- endmacro %}


{% macro duckdb__list_joined(list, separator) -%}
    array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}


{% macro spark__list_joined(list, separator) -%}
    array_join({{ list }}, '{{ separator }}')
{%- endmacro %}


{#- A select's columns of which a row is made for each item of a list. -#}
{% macro explode_list(list, item) -%}
    {{- adapter.dispatch('explode_list', 'drug_mentions')(list, item) -}}
{%- endmacro %}


{% macro duckdb__explode_list(list, item) -%}
    unnest({{ list }}) as {{ item }}
{%- endmacro %}


{% macro spark__explode_list(list, item) -%}
    explode({{ list }}) as {{ item }}
{%- endmacro %}


{#- The same with each item's place. -#}
{% macro explode_with_place(list, item, place) -%}
    {{- adapter.dispatch('explode_with_place', 'drug_mentions')(list, item, place) -}}
{%- endmacro %}


{#- `unnest … with ordinality` costs twice as much. -#}
{% macro duckdb__explode_with_place(list, item, place) -%}
    unnest({{ list }}) as {{ item }},
        generate_subscripts({{ list }}, 1) as {{ place }}
{%- endmacro %}


{#- Spark counts from 0, where a null takes the place. -#}
{% macro spark__explode_with_place(list, item, place) -%}
    posexplode(concat(array(null), {{ list }})) as ({{ place }}, {{ item }})
{%- endmacro %}


{#- A row for each of several lists of values of these columns. -#}
{% macro explode_rows(columns, rows) -%}
    {{- adapter.dispatch('explode_rows', 'drug_mentions')(columns, rows) -}}
{%- endmacro %}


{% macro duckdb__explode_rows(columns, rows) -%}
    {%- for column in columns -%}
        {%- set place = loop.index0 -%}
        unnest([{{ rows | map(attribute=place) | join(', ') }}]) as {{ column }}
        {{- ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro spark__explode_rows(columns, rows) -%}
    inline(array(
        {%- for row in rows -%}
            struct({{ row | join(', ') }}){{ ', ' if not loop.last }}
        {%- endfor -%}
    )) as ({{ columns | join(', ') }})
{%- endmacro %}
