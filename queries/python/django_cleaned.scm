; Django 2 to 5 forms and REST framework serializers: what validation made of what was sent (`form.cleaned_data["order"]`,
; `serializer.validated_data["order"]`).
; Known misses: several rows at once, data that a function hands on as a mapping.

; A field that chooses a row gives that row.
(stub ["django.forms.ModelChoiceField" "django.forms.models.ModelChoiceField"] returns: "django.forms.ModelChoiceField" of: ["keyword[queryset]"])
(stub "django.forms.ModelChoiceField.clean" returns: subject)
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
