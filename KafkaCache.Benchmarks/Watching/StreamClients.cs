namespace KafkaCaching.Benchmarks.Watching;

/// <summary>Clients that read server-sent events, and count the changes among them.</summary>
internal sealed class StreamClients : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue });
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _reading;
    private readonly long[] _changes;

    public StreamClients(Uri stream, int count)
    {
        _changes = new long[count];
        _reading = [.. Enumerable.Range(0, count).Select(i => ReadAsync(stream, i))];
    }

    /// <summary>The number of changes that the slowest client has received.</summary>
    public long Fewest => Enumerable.Range(0, _changes.Length).Min(i => Volatile.Read(ref _changes[i]));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var one in _reading)
            await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync(Uri stream, int i)
    {
        await using var events = await _client.GetStreamAsync(stream, _end.Token);
        using var lines = new StreamReader(events);
        while (await lines.ReadLineAsync(_end.Token) is { } line)
        {
            if (line == "event: set")
                Interlocked.Increment(ref _changes[i]);
        }
    }
}
