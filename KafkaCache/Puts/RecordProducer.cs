using Confluent.Kafka;

namespace KafkaCaching.Puts;

/// <summary>Passes one cache's records to their sink, and tracks the puts that have no outcome yet.</summary>
internal sealed class RecordProducer : IDisposable
{
    // A service that is stopping has only a few seconds left for its last puts.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    // A flush also waits for the records of other caches, so it may never end. At this interval, the loop checks whether the cache's own
    // puts are settled.
    private static readonly TimeSpan FlushTurn = TimeSpan.FromMilliseconds(20);

    // The client itself settles a record within the put's time-out. This grace period allows for the arrival of the delivery report.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IRecordSink _sink;
    private readonly Lock _gate = new();
    private readonly InFlight _inFlight;
    private bool _disposed;

    public RecordProducer(IRecordSink sink, TimeSpan putTimeout, TimeProvider time)
    {
        _sink = sink;
        AnswerTimeout = putTimeout + Grace;
        _inFlight = new InFlight(AnswerTimeout, time);
    }

    /// <summary>The time within which every put that has been sent gets an outcome.</summary>
    public TimeSpan AnswerTimeout { get; }

    /// <exception cref="PutException">The put failed; nothing was sent.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    public PendingPut Send(byte[] key, byte[]? value, Headers? headers)
    {
        var put = new PendingPut(_inFlight);

        // The lock ensures that no record is sent after Dispose has collected the puts in flight, and that records are sent in the order in
        // which their puts were made.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IKafkaCache));
            _inFlight.Add(put);
            try
            {
                _sink.Send(key, value, headers, put);
                return put;
            }
            catch
            {
                _inFlight.Remove(put);
                throw;
            }
        }
    }

    /// <summary>Waits a few seconds for the cache's own puts. The remaining ones are then settled with an unknown outcome.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        try
        {
            Flush();
        }
        finally
        {
            _sink.Dispose();
            _inFlight.Dispose();
            foreach (var put in _inFlight.All())
            {
                put.Settle(new PutException(
                    "The cache was disposed of before the broker answered; the record may have been written, or may still be written.",
                    PutOutcome.Unknown));
            }
        }
    }

    // This uses the system clock, as the client's own flush does.
    private void Flush()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (_inFlight.Oldest() is { } put && TimeProvider.System.GetElapsedTime(started) < FlushTimeout)
        {
            _sink.Flush(FlushTurn);

            // A producer that has been replaced after a fatal error settles its records on its own thread, so the put's outcome may arrive
            // only after the flush.
            put.Outcome.Wait(FlushTurn, TimeProvider.System);
        }
    }
}
