using FASTER.core;
using KafkaCaching.Native;
using KafkaCaching.Waiting;
using Microsoft.Win32.SafeHandles;

namespace KafkaCaching.Store.Spill;

/// <summary>A single file as FASTER's log device. It is deleted when it is closed. An error is stored and thrown at the next write or read,
/// because FASTER itself would wait forever for a page that can't be written, and after a failed read would interpret the content of its
/// buffer as a record.</summary>
internal class SpillFile(string path, SafeFileHandle handle) : StorageDeviceBase(path, 512, Devices.CAPACITY_UNSPECIFIED)
{
    [ThreadStatic]
    private static Transfer? t_nextRead;

    private Exception? _failure;
    private long _givenUpBelow;
    private long _end;
    private long _deallocated;

    /// <summary>The address below which the log no longer needs the file. The writer raises it. Any thread may read it.</summary>
    public long GivenUpBelow
    {
        get => Volatile.Read(ref _givenUpBelow);
        set => Volatile.Write(ref _givenUpBelow, value);
    }

    /// <summary>The number of bytes that the file occupies on disk. Safe to read from any thread.</summary>
    public long BytesOnDisk => Volatile.Read(ref _end) - Volatile.Read(ref _deallocated);

    /// <exception cref="IOException">The file could not be written or read, so entries in it are inaccessible.</exception>
    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            throw new IOException($"The spill file in Store.SpillDirectory failed: {failure.Message}", failure);
    }

    public override void WriteAsync(
        nint sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite, DeviceIOCompletionCallback callback,
        object context) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            new Transfer(this, sourceAddress, (long)destinationAddress, (int)numBytesToWrite, true, callback, context), preferLocal: false);

    /// <summary>Notes a read, which the calling thread carries out with <see cref="CarryOutReads"/>.</summary>
    /// <remarks>FASTER calls this while the thread holds the epoch. A read from a slow disk would then block the writer. On a thread-pool
    /// thread, a read of a page in the system's cache would take ten times as long.</remarks>
    public override void ReadAsync(
        int segmentId, ulong sourceAddress, nint destinationAddress, uint readLength, DeviceIOCompletionCallback callback,
        object context) =>
        t_nextRead = new Transfer(this, destinationAddress, (long)sourceAddress, (int)readLength, false, callback, context);

    /// <summary>Carries out the reads that FASTER has requested on the calling thread. A read may lead to another one, of an older record
    /// with the same hash.</summary>
    public static void CarryOutReads()
    {
        while (t_nextRead is { } read)
        {
            t_nextRead = null;
            read.Execute();
        }
    }

    /// <summary>Deallocates a part of the file that is no longer needed, if the system supports this.</summary>
    public void GiveBack(long at, long bytes)
    {
        if (FileHole.TryMake(handle, at, bytes))
            Volatile.Write(ref _deallocated, _deallocated + bytes);
    }

    /// <summary>Does nothing, because the log is a single segment, which exists as long as the file.</summary>
    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => callback(result);

    public override void Dispose() => handle.Dispose();

    private void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    private unsafe void Write(nint memory, long offset, int bytes)
    {
        try
        {
            RandomAccess.Write(handle, new ReadOnlySpan<byte>((void*)memory, bytes), offset);
            Maximum.Raise(ref _end, offset + bytes); // Several threads may write pages, in any order.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(e);
        }
    }

    /// <summary>Reads a part of the file.</summary>
    protected virtual unsafe void Read(nint memory, long offset, int bytes)
    {
        var left = new Span<byte>((void*)memory, bytes);
        try
        {
            for (int read; !left.IsEmpty && (read = RandomAccess.Read(handle, left, offset)) > 0; left = left[read..]) offset += read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(e);
        }

        // Bytes that were not read, because of an error or the end of the file, must not be interpreted as a record.
        left.Clear();
    }

    private sealed class Transfer(
        SpillFile file, nint memory, long offset, int bytes, bool write, DeviceIOCompletionCallback callback,
        object context) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            if (write)
                file.Write(memory, offset, bytes);
            else
                file.Read(memory, offset, bytes);
            callback(0, (uint)bytes, context);
        }
    }
}
