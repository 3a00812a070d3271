using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using KafkaCaching.Testing.Nodes;
using KafkaCaching.Tests.Deploy;

namespace KafkaCaching.Tests;

/// <summary>A real Prometheus with the configuration of the Compose stack, which scrapes one address and evaluates the alerts every second.
/// Tests query it through its HTTP API. On Debian, it is in the package prometheus.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly HttpClient _client;

    private PrometheusServer(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static bool IsInstalled { get; } = Programs.IsOnPath("prometheus");

    public static async Task<PrometheusServer> StartAsync(Uri target)
    {
        var folder = Directory.CreateTempSubdirectory("kafkacache-prometheus-").FullName;
        var configuration = Path.Combine(folder, "prometheus.yml");
        File.Copy(DeployFiles.PathOf(AlertRule.File), Path.Combine(folder, AlertRule.File));
        await File.WriteAllTextAsync(
            configuration,
            (await File.ReadAllTextAsync(DeployFiles.PathOf("prometheus.yml")))
                .Replace("demo:5080", target.Authority, StringComparison.Ordinal)
                .Replace("interval: 5s", "interval: 1s", StringComparison.Ordinal));
        var port = FreePort.Take();
        var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ])
        {
            UseShellExecute = false,
        })!;
        return new PrometheusServer(process, folder, port);
    }

    /// <summary>The values of an instant query, by their partition label; none while Prometheus is still starting.</summary>
    public async Task<Dictionary<string, double>> QueryAsync(string query) =>
        (await SamplesAsync(query)).ToDictionary(
            static sample => sample.Labels.GetValueOrDefault("partition", ""), static sample => sample.Value, StringComparer.Ordinal);

    /// <summary>The samples of an instant query; none while Prometheus is still starting.</summary>
    /// <exception cref="InvalidOperationException">Prometheus doesn't understand the query, or can't answer it.</exception>
    public async Task<IReadOnlyList<PrometheusSample>> SamplesAsync(string query) =>
        await AskAsync($"query?query={Uri.EscapeDataString(query)}") is { } answer
            ? [.. answer.GetProperty("result").EnumerateArray().Select(static sample => new PrometheusSample(
                sample.GetProperty("metric")
                    .EnumerateObject()
                    .ToDictionary(static label => label.Name, static label => label.Value.GetString()!, StringComparer.Ordinal),
                double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))]
            : [];

    /// <summary>The names of all metrics that have been scraped or computed.</summary>
    public async Task<IReadOnlyList<string>> MetricNamesAsync() =>
        await AskAsync("label/__name__/values") is { } answer ? [.. answer.EnumerateArray().Select(static name => name.GetString()!)] : [];

    /// <summary>The alerts with the result of their last evaluation: <c>ok</c>, <c>unknown</c> before the first one, or <c>err</c> with the
    /// reason.</summary>
    public async Task<IReadOnlyList<(string Name, string Health)>> AlertsAsync() =>
        await AskAsync("rules?type=alert") is { } answer
            ? [
                .. answer.GetProperty("groups").EnumerateArray()
                    .SelectMany(static group => group.GetProperty("rules").EnumerateArray())
                    .Select(static rule => (rule.GetProperty("name").GetString()!, HealthOf(rule))),
            ]
            : [];

    private static string HealthOf(JsonElement rule) =>
        rule.GetProperty("health").GetString() + (rule.TryGetProperty("lastError", out var error) ? $": {error.GetString()}" : "");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonElement?> AskAsync(string question)
    {
        try
        {
            using var response = await _client.GetAsync($"/api/v1/{question}", TestContext.Current.CancellationToken);
            var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable && !answer.StartsWith('{'))
                return null;
            return response.IsSuccessStatusCode
                ? JsonElement.Parse(answer).GetProperty("data")
                : throw new InvalidOperationException($"Prometheus answers {(int)response.StatusCode} to {question}: {answer}");
        }
        catch (HttpRequestException) when (!_process.HasExited)
        {
            return null;
        }
    }

}

/// <summary>The value of a series at one time.</summary>
internal sealed record PrometheusSample(IReadOnlyDictionary<string, string> Labels, double Value);
