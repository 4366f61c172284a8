{% macro glob_escaped(path) -%}
    replace(replace(replace({{ path }}, '[', '[[]'), '*', '[*]'), '?', '[?]')
{%- endmacro %}
