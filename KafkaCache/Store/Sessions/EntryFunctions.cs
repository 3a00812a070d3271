using FASTER.core;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Sessions;

/// <summary>FASTER's callbacks for writes and reads. The type and its type arguments are structs, so .NET compiles FASTER's generic code
/// specifically for it. With a class, every callback would involve a look-up of generic types.</summary>
internal readonly struct EntryFunctions : IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>
{
    private readonly EntryWrite? _write;
    private readonly ReadBuffer? _read;

    public EntryFunctions(EntryWrite write) => _write = write;

    public EntryFunctions(ReadBuffer read) => _read = read;

    public bool ConcurrentWriter(
        ref SpanByte key, ref Empty input, ref SpanByte src, ref SpanByte dst, ref Empty output, ref UpsertInfo upsertInfo) =>
        _write!.ConcurrentWriter(ref key, ref src, ref dst, ref upsertInfo);

    public bool SingleWriter(
        ref SpanByte key, ref Empty input, ref SpanByte src, ref SpanByte dst, ref Empty output, ref UpsertInfo upsertInfo,
        WriteReason reason) =>
        _write!.SingleWriter(ref key, ref dst, ref upsertInfo);

    public bool ConcurrentReader(ref SpanByte key, ref Empty input, ref SpanByte value, ref Empty dst, ref ReadInfo readInfo) =>
        EntryRead.Copy(ref key, ref value, _read!, ref readInfo);

    public bool SingleReader(ref SpanByte key, ref Empty input, ref SpanByte value, ref Empty dst, ref ReadInfo readInfo) =>
        EntryRead.Copy(ref key, ref value, _read!, ref readInfo);

    public void PostSingleWriter(
        ref SpanByte key, ref Empty input, ref SpanByte src, ref SpanByte dst, ref Empty output, ref UpsertInfo upsertInfo,
        WriteReason reason)
    {
    }

    public void DisposeSingleWriter(
        ref SpanByte key, ref Empty input, ref SpanByte src, ref SpanByte dst, ref Empty output, ref UpsertInfo upsertInfo,
        WriteReason reason)
    {
    }

    public void ReadCompletionCallback(
        ref SpanByte key, ref Empty input, ref Empty output, Empty ctx, Status status, RecordMetadata recordMetadata)
    {
    }

    public void DisposeDeserializedFromDisk(ref SpanByte key, ref SpanByte value)
    {
    }

    public void CheckpointCompletionCallback(int sessionID, string sessionName, CommitPoint commitPoint)
    {
    }

    // The store does not use FASTER's read-modify-write and delete operations, so none of the following functions is called.
    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.NeedInitialUpdate(
        ref SpanByte key, ref Empty input, ref Empty output, ref RMWInfo rmwInfo) => throw Unused();

    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.InitialUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte value, ref Empty output, ref RMWInfo rmwInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.PostInitialUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte value, ref Empty output, ref RMWInfo rmwInfo) => throw Unused();

    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.NeedCopyUpdate(
        ref SpanByte key, ref Empty input, ref SpanByte oldValue, ref Empty output, ref RMWInfo rmwInfo) => throw Unused();

    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.CopyUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte oldValue, ref SpanByte newValue, ref Empty output,
        ref RMWInfo rmwInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.PostCopyUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte oldValue, ref SpanByte newValue, ref Empty output,
        ref RMWInfo rmwInfo) => throw Unused();

    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.InPlaceUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte value, ref Empty output, ref RMWInfo rmwInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.RMWCompletionCallback(
        ref SpanByte key, ref Empty input, ref Empty output, Empty ctx, Status status, RecordMetadata recordMetadata) => throw Unused();

    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.SingleDeleter(
        ref SpanByte key, ref SpanByte value, ref DeleteInfo deleteInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.PostSingleDeleter(ref SpanByte key, ref DeleteInfo deleteInfo) =>
        throw Unused();

    bool IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.ConcurrentDeleter(
        ref SpanByte key, ref SpanByte value, ref DeleteInfo deleteInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.DisposeCopyUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte oldValue, ref SpanByte newValue, ref Empty output,
        ref RMWInfo rmwInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.DisposeInitialUpdater(
        ref SpanByte key, ref Empty input, ref SpanByte value, ref Empty output, ref RMWInfo rmwInfo) => throw Unused();

    void IFunctions<SpanByte, SpanByte, Empty, Empty, Empty>.DisposeSingleDeleter(
        ref SpanByte key, ref SpanByte value, ref DeleteInfo deleteInfo) => throw Unused();

    private static InvalidOperationException Unused() => new("Entries are only upserted and read.");
}
