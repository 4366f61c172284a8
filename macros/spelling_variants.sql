{#- What British and American, old and international names differ in. The second
    spelling of each pair is the one by which names are compared. -#}
{% macro spelling_pairs() -%}
    {{- return([
        ('sulph', 'sulf'), ('oestr', 'estr'), ('alpha', 'alfa'),
        ('amphet', 'amfet'), ('aluminium', 'aluminum'), ('haem', 'hem'),
        ('anaesth', 'anesth'), ('caesium', 'cesium'),
    ]) -}}
{%- endmacro %}


{% macro one_spelling(name) -%}
    {%- set spelt = namespace(name=name) -%}
    {%- for one, other in spelling_pairs() -%}
        {%- set spelt.name = "replace(" ~ spelt.name ~ ", '" ~ one ~ "', '" ~ other ~ "')" -%}
    {%- endfor -%}
    {{- spelt.name -}}
{%- endmacro %}


{#- Most names have none of these letters. -#}
{% macro spelling_variants(name) -%}
    {%- set variants = [name] -%}
    {%- for one, other in spelling_pairs() -%}
        {%- do variants.append("replace(" ~ name ~ ", '" ~ one ~ "', '" ~ other ~ "')") -%}
        {%- do variants.append("replace(" ~ name ~ ", '" ~ other ~ "', '" ~ one ~ "')") -%}
    {%- endfor -%}
    case
        when {{ matches_pattern(name, spelling_pairs() | map('join', '|') | join('|')) }}
            then {{ distinct_items(list_of(variants)) }}
        else {{ list_of([name]) }}
    end
{%- endmacro %}
