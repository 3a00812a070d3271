using System.Text.Json;

namespace KafkaCaching.Tests.Deploy;

/// <summary>An alert of <c>deploy/kafkacache.rules.yml</c>.</summary>
internal sealed record AlertRule(string Name, string Expression, JsonElement Labels, JsonElement Annotations)
{
    public const string File = "kafkacache.rules.yml";

    public static IReadOnlyList<AlertRule> Read() =>
    [
        .. DeployFiles.Yaml(DeployFiles.PathOf(File)).GetProperty("groups").EnumerateArray()
            .SelectMany(static group => group.GetProperty("rules").EnumerateArray())
            .Select(static rule => new AlertRule(
                rule.GetProperty("alert").GetString()!, rule.GetProperty("expr").GetString()!, rule.GetProperty("labels"),
                rule.GetProperty("annotations"))),
    ];

    public string? Annotation(string name) => Annotations.TryGetProperty(name, out var text) ? text.GetString() : null;
}
