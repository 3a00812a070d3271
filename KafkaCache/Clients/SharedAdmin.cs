using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>An admin client that caches share.</summary>
internal sealed class SharedAdmin(IAdminClient client) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _disposed;

    public IAdminClient Client => client;

    public static SharedAdmin Open(Config settings, ClientLogs logs) => new(new AdminClientBuilder(settings)
        .SetLogHandler((_, message) => logs.OnLog(message))
        .SetErrorHandler((_, error) => logs.OnError(error))
        .Build());

    /// <summary>Begins a request. Whoever asks may have been told to stop and be gone before the last of its requests, and Confluent's
    /// client passes its bare handles to native code: a request that came while the client is disposed of, or after, would take the process
    /// down.</summary>
    /// <exception cref="ObjectDisposedException">The client has gone.</exception>
    public Task<T> Ask<T>(Func<IAdminClient, Task<T>> request)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return request(client);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        client.Dispose();
    }
}
