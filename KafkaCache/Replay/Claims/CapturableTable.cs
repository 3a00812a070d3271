using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>A table of states by key. The states of one moment can be captured slot by slot while the table continues to change: before a
/// state changes, it is saved if the capture has not reached its slot yet. The table is used only on the replay thread.</summary>
internal sealed class CapturableTable<TState>
    where TState : class
{
    private readonly Dictionary<byte[], int> _slotOf = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookUp;
    private readonly Stack<int> _free = [];
    private Slot[] _slots = new Slot[4];
    private int _used;
    private ICaptureSink<TState>? _sink;
    private int _capture;
    private int _next;
    private int _end;

    public CapturableTable() => _lookUp = _slotOf.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _slotOf.Count;

    public TState? Find(ReadOnlySpan<byte> key) => _lookUp.TryGetValue(key, out var slot) ? _slots[slot].State : null;

    /// <summary>The table's own copy of a key that it contains.</summary>
    public byte[] KeyOf(ReadOnlySpan<byte> key) => _slots[_lookUp[key]].Key!;

    public void Set(ReadOnlySpan<byte> key, TState state)
    {
        if (_lookUp.TryGetValue(key, out var slot))
        {
            SaveFirst(slot);
            _slots[slot].State = state;
        }
        else
        {
            Add(key.ToArray(), state);
        }
    }

    public void Remove(ReadOnlySpan<byte> key)
    {
        if (!_lookUp.Remove(key, out _, out var slot))
            return;
        SaveFirst(slot);
        _slots[slot] = default;
        _free.Push(slot);
    }

    /// <summary>Must be called before the content of a key's state changes in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Changing(ReadOnlySpan<byte> key)
    {
        if (_sink is not null && _lookUp.TryGetValue(key, out var slot))
            SaveFirst(slot);
    }

    /// <summary>Begins to capture the states as they are now. A capture in progress is abandoned.</summary>
    public void BeginCapture(ICaptureSink<TState> sink)
    {
        _sink = sink;
        _capture++;
        (_next, _end) = (0, _used);
    }

    /// <summary>Continues the capture.</summary>
    /// <param name="slots">The maximum number of slots to process.</param>
    /// <returns>Whether that many slots, or all the remaining ones, were processed. If not, the sink has no room.</returns>
    public bool Capture(int slots)
    {
        for (var stop = Math.Min(_end, _next + slots); _next < stop; _next++)
        {
            if (MustSave(_next) && !_sink!.TrySave(_slots[_next].Key!, _slots[_next].State!))
                return false;
        }

        return true;
    }

    /// <summary>Whether the capture has processed all slots.</summary>
    public bool IsCaptured => _next == _end;

    /// <summary>Ends the capture, complete or not.</summary>
    public void EndCapture() => _sink = null;

    // A slot that is filled during a capture was empty at the captured moment, so the capture must not save it.
    private void Add(byte[] key, TState state)
    {
        if (!_free.TryPop(out var slot))
        {
            if (_used == _slots.Length)
                Array.Resize(ref _slots, 2 * _slots.Length);
            slot = _used++;
        }

        _slots[slot] = new Slot { Key = key, State = state, SavedBy = _capture };
        _slotOf.Add(key, slot);
    }

    private void SaveFirst(int slot)
    {
        if (_sink is null || slot < _next || slot >= _end || !MustSave(slot))
            return;
        _slots[slot].SavedBy = _capture;
        _sink.SaveFirst(_slots[slot].Key!, _slots[slot].State!);
    }

    private bool MustSave(int slot) => _slots[slot].State is not null && _slots[slot].SavedBy != _capture;

    private struct Slot
    {
        public byte[]? Key;
        public TState? State;

        // The number of the last capture that has saved the slot's state, or that began before the slot was filled.
        public int SavedBy;
    }
}
