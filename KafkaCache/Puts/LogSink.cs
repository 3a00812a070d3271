using Confluent.Kafka;
using KafkaCaching.Logs;

namespace KafkaCaching.Puts;

/// <summary>Appends records to a log that is not on Kafka brokers.</summary>
internal sealed class LogSink(ITopicLogClient client) : IRecordSink
{
    public void Send(byte[] key, byte[]? value, Headers? headers, PendingPut put)
    {
        var appending = Append(key, value, headers);
        if (appending.IsCompleted)
            Settle(appending, put);
        else
            _ = appending.ContinueWith(
                static (appended, settled) => Settle(appended, (PendingPut)settled!), put, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    // A log accepts each record at once, so no record lingers.
    public void Flush(TimeSpan timeout)
    {
    }

    public void Dispose()
    {
    }

    // A log that throws instead of returning a failed task may still have accepted the record, so the exception is treated like a failed
    // task.
    private Task<PutResult> Append(byte[] key, byte[]? value, Headers? headers)
    {
        try
        {
            return client.AppendAsync(key, value, Of(headers));
        }
        catch (Exception failed)
        {
            return Task.FromException<PutResult>(failed);
        }
    }

    private static void Settle(Task<PutResult> appended, PendingPut put)
    {
        if (appended.IsCompletedSuccessfully)
            put.Settle(appended.Result);
        else
            put.Settle(appended.Exception?.InnerException as PutException ?? Unknown(appended.Exception?.InnerException));
    }

    private static PutException Unknown(Exception? cause) => new(
        "The log failed without saying what became of the record. Read the key before putting it again.", PutOutcome.Unknown,
        innerException: cause);

    private static List<KeyValuePair<string, byte[]?>> Of(Headers? headers)
    {
        var all = new List<KeyValuePair<string, byte[]?>>();
        foreach (var header in headers ?? [])
            all.Add(new(header.Key, header.GetValueBytes()));
        return all;
    }
}
