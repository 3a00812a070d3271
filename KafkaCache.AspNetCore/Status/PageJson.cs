using System.Text.Json.Serialization;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>The JSON contracts of the page, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(LookUp))]
[JsonSerializable(typeof(LookUpAnswer))]
internal sealed partial class PageJson : JsonSerializerContext;
