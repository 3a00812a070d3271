using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>The logs of all caches that share a client. Each of them receives everything that the client logs.</summary>
internal sealed class ClientLogs
{
    private readonly Lock _gate = new();
    private volatile ClientLog[] _logs = [];

    public void Add(ClientLog log)
    {
        lock (_gate)
            _logs = [.. _logs, log];
    }

    public void Remove(ClientLog log)
    {
        lock (_gate)
            _logs = Array.FindAll(_logs, one => one != log);
    }

    public void OnLog(LogMessage message)
    {
        foreach (var log in _logs)
            log.OnLog(message);
    }

    public void OnError(Error error)
    {
        foreach (var log in _logs)
            log.OnError(error);
    }
}
