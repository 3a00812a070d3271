using System.Text.Json;

namespace KafkaCaching.Tests.Deploy;

/// <summary>The dashboard of <c>deploy/grafana/kafkacache.json</c>.</summary>
internal sealed class Dashboard
{
    private Dashboard(JsonElement json) => Json = json;

    public JsonElement Json { get; }

    /// <summary>The panels, without the row headers.</summary>
    public IEnumerable<JsonElement> Panels => AllPanels.Where(static panel => panel.GetProperty("type").GetString() is not "row");

    public IEnumerable<JsonElement> AllPanels => Json.GetProperty("panels").EnumerateArray();

    public IEnumerable<JsonElement> Variables => Json.GetProperty("templating").GetProperty("list").EnumerateArray();

    public static Dashboard Read() => new(JsonElement.Parse(File.ReadAllText(DeployFiles.PathOf("grafana/kafkacache.json"))));

    /// <summary>Each query as Grafana sends it if all variables are set to "All", with its panel and legend.</summary>
    public IEnumerable<(string Panel, string Expression, string Legend)> Queries() =>
        from panel in Panels
        from target in panel.GetProperty("targets").EnumerateArray()
        select (
            panel.GetProperty("title").GetString()!, Expand(target.GetProperty("expr").GetString()!),
            target.GetProperty("legendFormat").GetString()!);

    private string Expand(string expression)
    {
        foreach (var variable in Variables)
        {
            if (variable.TryGetProperty("allValue", out var all))
                expression = expression.Replace($"${variable.GetProperty("name").GetString()}", all.GetString(), StringComparison.Ordinal);
        }

        return expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal);
    }
}
