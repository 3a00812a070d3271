namespace KafkaCaching.Hybrid;

/// <summary>A request with cache directives that hybrid caches follow. It collects the answers of these caches. It is ambient: it applies
/// to the code that runs after <see cref="Begin"/>, and to everything that this code awaits or starts.</summary>
/// <remarks>
/// <para><c>UseRequestCacheControl</c> of <c>KafkaCache.AspNetCore</c> begins one for each HTTP request. Other hosts, such as one for gRPC,
/// can do so themselves.</para>
/// <para><see cref="KafkaHybridCache.GetOrCreateAsync"/> follows the directives. If the factory of a value reads another cache, this read
/// follows them too. All members may be used from any thread.</para>
/// </remarks>
public sealed class CacheRequest : IDisposable
{
    private static readonly AsyncLocal<CacheRequest?> Ambient = new();

    // In a process that never begins a request, hits need not look up the ambient one.
    private static volatile bool _isUsed;

    private readonly Lock _gate = new();
    private readonly CacheRequest? _outer;
    private RequestAnswer[] _answers = [];

    private CacheRequest(CacheDirectives directives, CacheRequest? outer) => (Directives, _outer) = (directives, outer);

    /// <summary>The request on whose behalf this code runs; <see langword="null"/> if there is none.</summary>
    public static CacheRequest? Current => _isUsed ? Ambient.Value : null;

    /// <summary>The cache directives of the request.</summary>
    public CacheDirectives Directives { get; }

    /// <summary>The answers of the caches so far, in the order of their first answers.</summary>
    public IReadOnlyList<RequestAnswer> Answers => Volatile.Read(ref _answers);

    /// <summary>Begins a request. An outer request, if there is one, continues when this one is disposed of.</summary>
    /// <param name="directives">Its cache directives.</param>
    /// <returns>The request. The method that began it must also dispose of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The maximum age is negative.</exception>
    public static CacheRequest Begin(CacheDirectives directives)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(directives.MaxAge ?? default, TimeSpan.Zero, nameof(directives));
        _isUsed = true;
        var request = new CacheRequest(directives, Ambient.Value);
        Ambient.Value = request;
        return request;
    }

    /// <summary>Ends the request for the code that follows in the method that began it. Its answers can still be read.</summary>
    public void Dispose() => Ambient.Value = _outer;

    internal void Note(RequestAnswer answer)
    {
        lock (_gate)
        {
            var at = Array.FindIndex(_answers, one => one.Cache == answer.Cache);
            var answers = at < 0 ? [.. _answers, answer] : _answers.ToArray();
            if (at >= 0)
                answers[at] = answers[at].And(answer);
            Volatile.Write(ref _answers, answers);
        }
    }
}
