using System.Runtime.CompilerServices;
using System.Text;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Applying;

/// <summary>Combines the headers of a record that are to be kept with the record's value. The class is used only on the replay thread, and
/// reuses its buffer.</summary>
internal sealed class HeaderKeeper(IReadOnlyList<string> names)
{
    private readonly (string Name, byte[] Utf8)[] _names = [.. names.Select(static name => (name, Encoding.UTF8.GetBytes(name)))];
    private byte[] _content = [];

    /// <param name="record">The record.</param>
    /// <param name="headerBytes">The number of bytes of the headers at the beginning of the content.</param>
    /// <returns>The headers and the value, valid until the next call.</returns>
    /// <exception cref="RecordErrorException">The headers take more than <see cref="PackedHeaders.MaxBytes"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> ContentOf(in SourceRecord record, out ushort headerBytes)
    {
        var bytes = 0;
        foreach (var (name, utf8) in _names)
        {
            if (record.Headers is { } headers && headers.TryGet(name, out var value))
                bytes = Append(record, bytes, utf8, value);
        }

        headerBytes = (ushort)bytes;
        if (bytes == 0)
            return record.Value;
        Reserve(bytes + record.Value.Length);
        record.Value.CopyTo(_content.AsSpan(bytes));
        return _content.AsSpan(0, bytes + record.Value.Length);
    }

    private int Append(in SourceRecord record, int at, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var end = at + PackedHeaders.BytesOf(name.Length, value.Length);
        if (end > PackedHeaders.MaxBytes)
            throw RecordErrors.At(
                record, RecordErrorReason.TooLarge,
                $"The headers that KeepHeaders names take more than {PackedHeaders.MaxBytes} bytes.");
        Reserve(end);
        return at + PackedHeaders.Write(_content.AsSpan(at), name, value);
    }

    private void Reserve(int bytes)
    {
        if (_content.Length < bytes)
            Array.Resize(ref _content, Math.Max(bytes, 2 * _content.Length));
    }
}
