using System.Text.Json;

namespace KafkaCaching.Diagnostics;

/// <summary>The names of an enum's values in the form that OpenTelemetry uses for tag values: <c>snake_case</c>.</summary>
internal static class TagValues<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(
        static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    public static IReadOnlyList<T> All { get; } = Enum.GetValues<T>();

    public static string Of(T value) => Names[value];
}
