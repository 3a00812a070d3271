namespace KafkaCaching.Demo;

/// <summary>What a demo shows: its caches, and the routes that read and write them. Disposing lets go of what stands behind the caches.</summary>
internal interface IShowcase : IAsyncDisposable
{
    bool Writable { get; }

    void AddCaches(IServiceCollection services);

    /// <summary>The caches that were added, started.</summary>
    IReadOnlyList<IKafkaCache> Caches(IServiceProvider services);

    void MapRoutes(IEndpointRouteBuilder routes);

    /// <summary>Commands that work as they stand, to try first.</summary>
    IEnumerable<string> CommandsToTry(Uri address);
}
