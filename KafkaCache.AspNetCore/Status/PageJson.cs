using System.Text.Json.Serialization;
using KafkaCaching.AspNetCore.Status.Hybrid;
using KafkaCaching.AspNetCore.Status.Jobs;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The JSON contracts of the page, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(LookUp))]
[JsonSerializable(typeof(LookUpAnswer))]
[JsonSerializable(typeof(Survey))]
[JsonSerializable(typeof(SurveyAnswer))]
[JsonSerializable(typeof(ClearedTag))]
[JsonSerializable(typeof(ClearAnswer))]
[JsonSerializable(typeof(JobDetail))]
[JsonSerializable(typeof(JobDetailAnswer))]
internal sealed partial class PageJson : JsonSerializerContext;
