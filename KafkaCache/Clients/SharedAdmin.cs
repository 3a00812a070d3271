using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>An admin client that several caches share.</summary>
internal sealed class SharedAdmin(IAdminClient client) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _disposed;

    public IAdminClient Client => client;

    public static SharedAdmin Open(Config settings, ClientLogs logs) => new(new AdminClientBuilder(settings)
        .SetLogHandler((_, message) => logs.OnLog(message))
        .SetErrorHandler((_, error) => logs.OnError(error))
        .Build());

    /// <summary>Begins a request. A cache may already have stopped and given up its share when its last request begins. Confluent's client
    /// passes raw handles to native code, so a request during or after its disposal would crash the process. This method throws
    /// instead.</summary>
    /// <exception cref="ObjectDisposedException">The client has been disposed of.</exception>
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
