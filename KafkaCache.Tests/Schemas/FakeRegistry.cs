using System.Collections.Concurrent;
using System.Globalization;

namespace KafkaCaching.Tests.Schemas;

/// <summary>A schema registry as far as its clients see it: knows IDs and GUIDs, counts who asks for which, and may be out of reach.</summary>
public sealed class FakeRegistry
{
    private readonly ConcurrentDictionary<string, int> _fetches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private int _requests;

    public bool IsDown { get; set; }

    /// <summary>Every request, for an ID or for a registration.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public IReadOnlyDictionary<string, int> Fetches => _fetches;

    public static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);

    public FakeRegistry With(params string[] schemas)
    {
        foreach (var schema in schemas)
            _known[schema] = true;
        return this;
    }

    public async Task FetchAsync(string schema)
    {
        await RequestAsync();
        _fetches.AddOrUpdate(schema, 1, static (_, count) => count + 1);
        if (!_known.ContainsKey(schema))
            throw new KeyNotFoundException($"Schema {schema} not found.");
    }

    public async Task RegisterAsync(string schema)
    {
        await RequestAsync();
        _known[schema] = true;
    }

    private async Task RequestAsync()
    {
        await Task.Yield();
        Interlocked.Increment(ref _requests);
        if (IsDown)
            throw new HttpRequestException("The registry is down.");
    }
}
