; Django 2 to 5 forms and REST framework serializers: what validation made of what was sent (`form.cleaned_data["order"]`,
; `serializer.validated_data["order"]`), and what a row looks up that validates itself.
; Known misses: several rows at once, data that a function hands on as a mapping.

; A field that chooses a row gives that row.
(stub ["django.forms.ModelChoiceField" "django.forms.models.ModelChoiceField"] returns: "django.forms.ModelChoiceField" of: ["keyword[queryset]"])
(stub "django.forms.ModelChoiceField.clean" returns: subject)
; One that chooses several gives a query for them, which has run.
(stub ["django.forms.ModelMultipleChoiceField" "django.forms.models.ModelMultipleChoiceField"] returns: "django.forms.ModelMultipleChoiceField" of: ["keyword[queryset]"])
(stub "django.forms.ModelMultipleChoiceField.clean" returns: "django.forms.ChosenRows")
(stub ["django.forms.ChosenRows.filter" "django.forms.ChosenRows.exclude" "django.forms.ChosenRows.annotate" "django.forms.ChosenRows.order_by" "django.forms.ChosenRows.values"
       "django.forms.ChosenRows.values_list" "django.forms.ChosenRows.select_related" "django.forms.ChosenRows.prefetch_related" "django.forms.ChosenRows.distinct"
       "django.forms.ChosenRows.all" "django.forms.ChosenRows.only" "django.forms.ChosenRows.defer"] returns: "django.db.models.QuerySet")
(stub ["django.forms.ChosenRows.get" "django.forms.ChosenRows.first" "django.forms.ChosenRows.last"] returns: subject)
((call receiver: (_) @access.receiver method: _ @access.verb) @access
  (#type? @access.receiver "django.forms.ChosenRows") (#set! access.also "relation")
  (#set! access.lookups "exact iexact contains icontains in gt gte lt lte startswith istartswith endswith iendswith range date year month day week hour minute isnull search regex iregex id pk")
  (#set! access.select "filter exclude get annotate order_by values values_list select_related prefetch_related distinct all only defer aggregate")
  (#set! access.lazy "all filter exclude annotate values values_list order_by distinct select_related prefetch_related only defer")
  (#set! access.update "update bulk_update") (#set! access.delete "delete") (#set! access.cascade "query"))
(stub ["django.forms.Form.cleaned_data" "django.forms.ModelForm.cleaned_data"] is: "django.forms.CleanedData" subject: owner)
(stub ["django.forms.Form.clean" "django.forms.ModelForm.clean"] returns: "django.forms.CleanedData")
(stub ["django.forms.CleanedData.[]" "django.forms.CleanedData.get" "django.forms.CleanedData.pop"] returns: member of: ["clean()" "Meta.model"])

(stub ["rest_framework.serializers.PrimaryKeyRelatedField" "rest_framework.serializers.SlugRelatedField"
       "rest_framework.relations.PrimaryKeyRelatedField" "rest_framework.relations.SlugRelatedField"] extends: "rest_framework.relations.RelatedField")
(stub ["rest_framework.serializers.PrimaryKeyRelatedField" "rest_framework.relations.PrimaryKeyRelatedField"]
  returns: "rest_framework.serializers.PrimaryKeyRelatedField" of: ["keyword[queryset]"])
(stub ["rest_framework.serializers.SlugRelatedField" "rest_framework.relations.SlugRelatedField"]
  returns: "rest_framework.serializers.SlugRelatedField" of: ["keyword[queryset]"])
(stub "rest_framework.relations.RelatedField.to_internal_value" returns: subject)
(stub ["rest_framework.serializers.Serializer.validated_data" "rest_framework.serializers.ModelSerializer.validated_data"] is: "rest_framework.serializers.ValidatedData" subject: owner)
(stub ["rest_framework.serializers.ValidatedData.[]" "rest_framework.serializers.ValidatedData.get" "rest_framework.serializers.ValidatedData.pop"]
  returns: member of: ["to_internal_value()" "Meta.model"])

; A row that validates itself looks up the rows that its keys name, and whether another one has what must be unique.
((call receiver: (_) @_row method: "full_clean") @access
  (#type? @_row "django.db.models.Model") (#set! operation "kept") (#set! access.fields "itself") (#set! access.foreign))
((definition kind: "type" member[Meta]: (definition member[unique_together]: (definition value: (sequence)))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#set! column.unique "true"))
((definition kind: "type" member[Meta]: (definition member[constraints]: (definition value: (sequence item: (call callee: (_) @_constraint))))) @definition.entity
  (#is? @definition.entity "django.db.models.Model") (#is? @_constraint "django.db.models.UniqueConstraint" "django.db.models.constraints.UniqueConstraint") (#set! column.unique "true"))
