using System.Collections.Concurrent;
using System.Globalization;

namespace KafkaCaching.Tests.Histories.InMemory.Restarts;

/// <summary>Counts the starts of many histories by their reasons, and the files that were compared with the log.</summary>
internal sealed class StartTally
{
    private readonly ConcurrentDictionary<ColdStartReason, int> _starts = [];
    private int _files;
    private int _quiescences;

    public int Warm => _starts.GetValueOrDefault(ColdStartReason.None);

    /// <summary>The starts for which there was a file.</summary>
    public int WithFile => All - _starts.GetValueOrDefault(ColdStartReason.NoSnapshot);

    private int All => _starts.Values.Sum();

    public void Started(ColdStartReason reason) => _starts.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    public void CheckedFile() => Interlocked.Increment(ref _files);

    public void CameToRest() => Interlocked.Increment(ref _quiescences);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Warm} warm starts of {All} ({Reasons()}), {_files} files held against the log, {_quiescences} times a cold cache beside.");

    private string Reasons() =>
        string.Join(", ", _starts.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} {pair.Value}"));
}
