using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace KafkaCaching.Tests;

/// <summary>A real Prometheus that scrapes one address every second, asked through its HTTP API. Debian's package prometheus has it.</summary>
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
        await File.WriteAllTextAsync(configuration, $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: demo
                static_configs:
                  - targets: ["{target.Authority}"]
            """);
        var port = FreePort();
        var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            UseShellExecute = false,
        })!;
        return new PrometheusServer(process, folder, port);
    }

    /// <summary>The samples of an instant query, by their partition label; none while Prometheus is still starting.</summary>
    public async Task<Dictionary<string, double>> QueryAsync(string query)
    {
        try
        {
            var answer = await _client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
            return JsonElement.Parse(answer).GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
                static sample => sample.GetProperty("metric").TryGetProperty("partition", out var partition) ? partition.GetString()! : "",
                static sample => double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
