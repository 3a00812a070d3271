using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The tail beside the reads: begins, and pauses, a <see cref="TailProducer"/>.</summary>
internal sealed class Tail(Process producer) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public string BootstrapServers { get; } = producer.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The tail's producer did not start.");

    /// <summary>Returns when the cache has applied some <paramref name="first"/> records of it.</summary>
    public Task BeginAsync(Func<long> applied, int first) => ReachedAsync(applied, Turn() + first);

    /// <summary>Returns when the cache has applied all that was sent.</summary>
    public Task PauseAsync(Func<long> applied) => ReachedAsync(applied, Turn());

    public void Dispose()
    {
        producer.StandardInput.Close();
        producer.WaitForExit();
        producer.Dispose();
    }

    /// <returns>How many records have been sent.</returns>
    private long Turn()
    {
        producer.StandardInput.WriteLine();
        producer.StandardInput.Flush();
        return long.Parse(producer.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    private static async Task ReachedAsync(Func<long> applied, long records)
    {
        var start = Stopwatch.GetTimestamp();
        while (applied() < records)
        {
            if (Stopwatch.GetElapsedTime(start) > Timeout)
                throw new TimeoutException($"The cache has applied {applied():N0} of {records:N0} records.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
