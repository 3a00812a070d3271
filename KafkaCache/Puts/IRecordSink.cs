using Confluent.Kafka;

namespace KafkaCaching.Puts;

/// <summary>Writes the records of one cache's puts to its topic.</summary>
internal interface IRecordSink : IDisposable
{
    /// <summary>Accepts a record, or throws. The put of an accepted record is settled later, on any thread.</summary>
    /// <exception cref="PutException">The record was refused; nothing was sent.</exception>
    /// <exception cref="ObjectDisposedException">The sink has been disposed of; nothing was sent.</exception>
    void Send(byte[] key, byte[]? value, Headers? headers, PendingPut put);

    /// <summary>Sends records at once even if they would linger, and waits until all are settled or the time-out has passed.</summary>
    void Flush(TimeSpan timeout);
}
