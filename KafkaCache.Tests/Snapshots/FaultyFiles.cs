using KafkaCaching.Snapshots;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>The step of writing a snapshot at which the disk fails.</summary>
public enum DiskFault
{
    None,
    Begin,
    Create,
    Write,
    ShortWrite,
    LostWrite,
    FlippedBit,
    Flush,
    Rename,
    FlushOfDirectory,
}

/// <summary>Snapshot files on a disk that fails at one step until <see cref="Fault"/> is reset.</summary>
internal sealed class FaultyFiles(string directory, string name) : SnapshotFiles(directory, name)
{
    public DiskFault Fault { get; set; }

    /// <summary>The number of bytes that are written correctly before a write fails.</summary>
    public long GoodBytes { get; set; }

    public int Flushes { get; private set; }

    public override IDisposable BeginWriting() => Fault == DiskFault.Begin ? throw Failed() : base.BeginWriting();

    public override Stream CreateTemporary() => Fault == DiskFault.Create ? throw Failed() : new FaultyStream(base.CreateTemporary(), this);

    public override void Flush(Stream file)
    {
        Flushes++;
        if (Fault == DiskFault.Flush)
            throw Failed();
        base.Flush(((FaultyStream)file).Inner);
    }

    public override void Publish()
    {
        if (Fault == DiskFault.Rename)
            throw Failed();
        base.Publish();
        if (Fault == DiskFault.FlushOfDirectory)
            throw Failed();
    }

    private static IOException Failed() => new("The disk is on fire.");

    private sealed class FaultyStream(Stream inner, FaultyFiles files) : Stream
    {
        private bool _hasSpoilt;

        public Stream Inner => inner;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            // Only one write is corrupted. Later writes succeed, including the footer with the hashes of the correct data.
            if (_hasSpoilt || inner.Position + buffer.Length <= files.GoodBytes)
            {
                inner.Write(buffer);
                return;
            }

            switch (files.Fault)
            {
                case DiskFault.Write:
                    throw Failed();
                case DiskFault.ShortWrite:
                    inner.Write(buffer[..(buffer.Length / 2)]);
                    throw Failed();
                case DiskFault.LostWrite:
                    _hasSpoilt = true;
                    inner.Write(new byte[buffer.Length]);
                    break;
                case DiskFault.FlippedBit:
                    _hasSpoilt = true;
                    var copy = buffer.ToArray();
                    copy[^1] ^= 4;
                    inner.Write(copy);
                    break;
                default:
                    inner.Write(buffer);
                    break;
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush() => inner.Flush();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
