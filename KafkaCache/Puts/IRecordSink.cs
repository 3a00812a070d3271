using Confluent.Kafka;

namespace KafkaCaching.Puts;

/// <summary>Takes the records of one cache's puts to its topic.</summary>
internal interface IRecordSink : IDisposable
{
    /// <summary>Takes a record. The put is settled later, on any thread, unless it is refused.</summary>
    /// <exception cref="PutException">The record was refused; nothing was sent.</exception>
    /// <exception cref="ObjectDisposedException">The sink has been disposed of; nothing was sent.</exception>
    void Send(byte[] key, byte[]? value, Headers? headers, PendingPut put);

    /// <summary>Sends lingering records, and waits until all are settled or the time is up.</summary>
    void Flush(TimeSpan timeout);
}
