using System.Runtime.InteropServices;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>The rows of one key: one, as a rule, for which nothing else is allocated.</summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class KeyRows
{
    /// <summary>The one row, unless there are several or none.</summary>
    private RowEntry _only;
    private List<RowEntry>? _several;

    private bool IsEmpty => _several is null && _only.Path.Bytes.IsEmpty;

    /// <summary>The rows. Do not use it after a change.</summary>
    public ReadOnlySpan<RowEntry> Rows => _several is not null ? CollectionsMarshal.AsSpan(_several)
        : IsEmpty ? default : new ReadOnlySpan<RowEntry>(in _only);

    /// <summary>Puts in a row.</summary>
    public void Add(in RowEntry row)
    {
        if (IsEmpty)
        {
            _only = row;
            return;
        }

        _several ??= [_only];
        _several.Add(row);
    }

    /// <summary>Puts a row in the place of another.</summary>
    public void Replace(int index, in RowEntry row)
    {
        if (_several is null)
        {
            _only = row;
        }
        else
        {
            _several[index] = row;
        }
    }

    /// <summary>Takes out a row; returns how many are left.</summary>
    public int RemoveAt(int index)
    {
        if (_several is null)
        {
            _only = default;
            return 0;
        }

        _several.RemoveAt(index);
        if (_several.Count == 1)
        {
            (_only, _several) = (_several[0], null);
        }

        return Rows.Length;
    }
}
