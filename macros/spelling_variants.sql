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
    case
        when regexp_matches({{ name }}, '{{ spelling_pairs() | map('join', '|') | join('|') }}')
            then list_distinct([
                {{ name }}
                {%- for one, other in spelling_pairs() -%}
                , replace({{ name }}, '{{ one }}', '{{ other }}')
                , replace({{ name }}, '{{ other }}', '{{ one }}')
                {%- endfor -%}
            ])
        else [{{ name }}]
    end
{%- endmacro %}
