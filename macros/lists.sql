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


{% macro bigquery__list_of(items) -%}
    [{{ items | join(', ') }}]
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


{% macro bigquery__list_of_texts(texts) -%}
    cast([{{ "'" ~ texts | join("', '") ~ "'" if texts }}] as array<string>)
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


{% macro bigquery__list_has_all(list, items) -%}
    not exists (
        select 1 from unnest({{ items }}) as item
        where item not in unnest({{ list }})
    )
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


{% macro bigquery__list_in_order(value, sorted_by) -%}
    array_agg({{ value }} order by {{ sorted_by | join(', ') }})
{%- endmacro %}


{#- All values of a group, sorted. -#}
{% macro sorted_list(value, distinct=false) -%}
    {{- adapter.dispatch('sorted_list', 'drug_mentions')(value, distinct) -}}
{%- endmacro %}


{% macro default__sorted_list(value, distinct) -%}
    array_sort(array_agg({{ 'distinct ' if distinct }}{{ value }}))
{%- endmacro %}


{% macro bigquery__sorted_list(value, distinct) -%}
    array_agg({{ 'distinct ' if distinct }}{{ value }} order by {{ value }})
{%- endmacro %}


{#- The items of all lists of a group. -#}
{% macro items_of_lists(list) -%}
    {{- adapter.dispatch('items_of_lists', 'drug_mentions')(list) -}}
{%- endmacro %}


{% macro default__items_of_lists(list) -%}
    flatten(array_agg({{ list }}))
{%- endmacro %}


{#- A list of lists is nothing to BigQuery. -#}
{% macro bigquery__items_of_lists(list) -%}
    array_concat_agg({{ list }})
{%- endmacro %}


{#- One list, and behind it the other one, sorted. -#}
{% macro list_and_sorted(list, other) -%}
    {{- adapter.dispatch('list_and_sorted', 'drug_mentions')(list, other) -}}
{%- endmacro %}


{% macro default__list_and_sorted(list, other) -%}
    concat({{ list }}, array_sort({{ other }}))
{%- endmacro %}


{% macro bigquery__list_and_sorted(list, other) -%}
    array_concat(
        {{ list }},
        array(select item from unnest({{ other }}) as item order by item)
    )
{%- endmacro %}


{% macro list_length(list) -%}
    {{- adapter.dispatch('list_length', 'drug_mentions')(list) -}}
{%- endmacro %}


{#- DuckDB's `cardinality` is unsigned: a place added to it is none of a list. -#}
{% macro duckdb__list_length(list) -%}
    len({{ list }})
{%- endmacro %}


{% macro spark__list_length(list) -%}
    cardinality({{ list }})
{%- endmacro %}


{% macro bigquery__list_length(list) -%}
    array_length({{ list }})
{%- endmacro %}


{% macro distinct_items(list) -%}
    {{- adapter.dispatch('distinct_items', 'drug_mentions')(list) -}}
{%- endmacro %}


{% macro default__distinct_items(list) -%}
    array_distinct({{ list }})
{%- endmacro %}


{% macro bigquery__distinct_items(list) -%}
    array(select distinct item from unnest({{ list }}) as item)
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


{% macro bigquery__list_item(list, place) -%}
    {{ list }}[safe_offset({{ place }} - 1)]
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


{#- BigQuery counts from 0, and from -1 back from the last. -#}
{% macro bigquery__list_part(list, place, items) -%}
    array_slice({{ list }}, {{ place }} - 1, {{ place ~ ' + ' ~ items ~ ' - 2' if items is not none else '-1' }})
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


{% macro bigquery__list_joined(list, separator) -%}
    array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}


{#- A query with these columns, and a row for each item of a list. -#}
{% macro explode_list(relation, columns, list, item) -%}
    {{- adapter.dispatch('explode_list', 'drug_mentions')(relation, columns, list, item) -}}
{%- endmacro %}


{% macro duckdb__explode_list(relation, columns, list, item) -%}
    select
        {{ (columns + ['unnest(' ~ list ~ ') as ' ~ item]) | join(',\n        ') }}
    from {{ relation }}
{%- endmacro %}


{% macro spark__explode_list(relation, columns, list, item) -%}
    select
        {{ (columns + ['explode(' ~ list ~ ') as ' ~ item]) | join(',\n        ') }}
    from {{ relation }}
{%- endmacro %}


{% macro bigquery__explode_list(relation, columns, list, item) -%}
    select
        {{ (columns + ['exploded as ' ~ item]) | join(',\n        ') }}
    from {{ relation }}
    cross join unnest({{ list }}) as exploded
{%- endmacro %}


{#- The same with each item's place. -#}
{% macro explode_with_place(relation, columns, list, item, place) -%}
    {{- adapter.dispatch('explode_with_place', 'drug_mentions')(relation, columns, list, item, place) -}}
{%- endmacro %}


{#- `unnest … with ordinality` costs twice as much. -#}
{% macro duckdb__explode_with_place(relation, columns, list, item, place) -%}
    select
        {{ columns | join(',\n        ') }},
        unnest({{ list }}) as {{ item }},
        generate_subscripts({{ list }}, 1) as {{ place }}
    from {{ relation }}
{%- endmacro %}


{#- Spark counts from 0, where a null takes the place. -#}
{% macro spark__explode_with_place(relation, columns, list, item, place) -%}
    select
        {{ columns | join(',\n        ') }},
        posexplode(concat(array(null), {{ list }})) as ({{ place }}, {{ item }})
    from {{ relation }}
{%- endmacro %}


{% macro bigquery__explode_with_place(relation, columns, list, item, place) -%}
    select
        {{ columns | join(',\n        ') }},
        exploded as {{ item }},
        exploded_offset + 1 as {{ place }}
    from {{ relation }}
    cross join unnest({{ list }}) as exploded with offset as exploded_offset
{%- endmacro %}


{#- A row for each of several lists of values of columns of these names, beside
    the columns that are the same in all. -#}
{% macro explode_rows(relation, columns, names, rows) -%}
    {{- adapter.dispatch('explode_rows', 'drug_mentions')(relation, columns, names, rows) -}}
{%- endmacro %}


{% macro duckdb__explode_rows(relation, columns, names, rows) -%}
    select
        {{ columns | join(',\n        ') }},
    {%- for name in names %}
        {%- set place = loop.index0 %}
        unnest([{{ rows | map(attribute=place) | join(', ') }}]) as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from {{ relation }}
{%- endmacro %}


{% macro spark__explode_rows(relation, columns, names, rows) -%}
    select
        {{ columns | join(',\n        ') }},
        inline(array({{ rows_as_structs(names, rows) }}))
    from {{ relation }}
{%- endmacro %}


{% macro bigquery__explode_rows(relation, columns, names, rows) -%}
    select
        {{ columns | join(',\n        ') }},
        exploded.{{ names | join(',\n        exploded.') }}
    from {{ relation }}
    cross join unnest([{{ rows_as_structs(names, rows) }}]) as exploded
{%- endmacro %}


{% macro rows_as_structs(names, rows) -%}
    {%- for row in rows -%}
        struct(
        {%- for value in row -%}
            {{ value }} as {{ names[loop.index0] }}{{ ', ' if not loop.last }}
        {%- endfor -%}
        ){{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
