using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using KafkaCaching.Demo;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Processes;

namespace KafkaCaching.Tests.Demo;

/// <summary>The demo in a separate process, as a user starts it, with an HTTP client for it.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    // Starting a process may take long on a machine that runs all tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly HttpClient _client = new HttpClient();
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];

    private DemoProcess(Process process) => _process = process;

    public Uri Address { get; private set; } = new Uri("http://127.0.0.1");

    public IReadOnlyList<string> Output => Copy(_output);

    public string Error => string.Join('\n', Copy(_error));

    /// <summary>Starts the demo, on a free port unless the arguments name one.</summary>
    public static DemoProcess Start(params string[] args) => Start(args, bootstrapServers: null);

    public static DemoProcess Start(string[] args, string? bootstrapServers, string? orders = null)
    {
        string[] port = args.Contains("--port") ? [] : ["--port", "0"];
        var start = new ProcessStartInfo("dotnet", [typeof(DemoCommand).Assembly.Location, .. args, .. port])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KAFKA_BOOTSTRAP_SERVERS"] = bootstrapServers;
        start.Environment["ConnectionStrings__Orders"] = orders;
        var demo = new DemoProcess(new Process { StartInfo = start });
        demo._process.OutputDataReceived += (_, line) => Add(demo._output, line.Data);
        demo._process.ErrorDataReceived += (_, line) => Add(demo._error, line.Data);
        demo._process.Start();
        demo._process.BeginOutputReadLine();
        demo._process.BeginErrorReadLine();
        return demo;
    }

    public static async Task<DemoProcess> StartReadyAsync(params string[] args)
    {
        var demo = Start(args);
        try
        {
            await demo.ReadyAsync();
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the demo listens. Its caches may not be ready yet.</summary>
    public Task ListensAsync() => AddressAsync("Now listening on: ");

    /// <summary>Waits until its caches are ready.</summary>
    public Task ReadyAsync() => AddressAsync("Serving on ");

    public async Task<IReadOnlyList<string>> CommandsToTryAsync()
    {
        await Eventually.TrueAsync(() => Commands().Length >= 3, Patience);
        return Commands();

        string[] Commands() => [.. Output.Where(static line => line.StartsWith("  curl ", StringComparison.Ordinal))];
    }

    /// <summary>Sends a request to the exact path, including encoded slashes. The body is disposed of with the request.</summary>
    public async Task<DemoAnswer> SendAsync(HttpMethod method, string path, HttpContent? body = null, string? host = null)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(Address.GetLeftPart(UriPartial.Authority) + path, asWritten);
        using var request = new HttpRequestMessage(method, uri) { Content = body };
        request.Headers.Host = host;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var content = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new DemoAnswer((int)response.StatusCode, response.Headers, response.Content.Headers, content);
    }

    public Task<DemoAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Reads the first line of a response that may be endless.</summary>
    public async Task<string?> FirstLineAsync(string path)
    {
        await using var stream = await _client.GetStreamAsync(new Uri(Address, path), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }

    public Task<DemoAnswer> PutAsync(string path, byte[] value) => SendAsync(HttpMethod.Put, path, new ByteArrayContent(value));

    public Task SignalAsync(string signal) => _process.SignalAsync($"-{signal}");

    public Task<int> ExitCodeAsync(TimeSpan limit) => _process.ExitCodeAsync(limit);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task AddressAsync(string before)
    {
        string? line = null;
        await Eventually.TrueAsync(() => _process.HasExited || (line = Find()) is not null, Patience, before);
        Assert.True(line is not null, $"The demo ended before it served: {Error}");
        Address = new Uri(line.Split(before)[1].Split(' ')[0]);

        string? Find() => Output.FirstOrDefault(one => one.Contains(before, StringComparison.Ordinal));
    }

    private static void Add(List<string> lines, string? line)
    {
        lock (lines)
        {
            if (line is not null)
                lines.Add(line);
        }
    }

    private static string[] Copy(List<string> lines)
    {
        lock (lines)
            return [.. lines];
    }
}

internal sealed record DemoAnswer(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public string? ContentType => ContentHeaders.ContentType?.MediaType;

    public JsonElement Json => JsonElement.Parse(Body);

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    public void AssertProblem(int status)
    {
        Assert.Equal((status, "application/problem+json"), (Status, ContentType));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
    }
}
