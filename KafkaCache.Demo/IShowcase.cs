namespace KafkaCaching.Demo;

/// <summary>What a demo shows: its caches, and the routes that read and write them. Disposing settles the puts.</summary>
internal interface IShowcase : IAsyncDisposable
{
    IReadOnlyList<ServedCache> Caches { get; }

    bool Writable { get; }

    void MapRoutes(IEndpointRouteBuilder routes);

    /// <summary>Commands that work as they stand, to try first.</summary>
    IEnumerable<string> CommandsToTry(Uri address);
}
