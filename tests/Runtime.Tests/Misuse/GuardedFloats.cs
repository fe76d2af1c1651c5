using System.Runtime.InteropServices;

namespace Runtime.Tests.Misuse;

/// <summary>
/// Floats between two pages that nobody may touch, flush against one of them: a read or a write of one element too far ends the
/// process, and its last words name the method. On the other side canaries fill what is left of the pages.
/// </summary>
internal sealed unsafe class GuardedFloats : IDisposable
{
    private const float Canary = 12345f;
    private const int ReadWrite = 3, PrivateAnonymous = 0x22;

    private static readonly nuint s_page = (nuint)Environment.SystemPageSize;

    private readonly nint _pages;
    private readonly nuint _size;
    private readonly float* _first, _data;
    private readonly int _room;

    /// <summary>Copies values to where they are guarded.</summary>
    /// <param name="values">The values.</param>
    /// <param name="atEnd">Whether the page after them is the one that they touch.</param>
    public GuardedFloats(ReadOnlySpan<float> values, bool atEnd)
    {
        nuint room = ((nuint)values.Length * sizeof(float) + s_page - 1) / s_page * s_page;
        _size = room + 2 * s_page;
        _pages = Mmap(0, _size, 0, PrivateAnonymous, -1, 0);
        if (_pages == -1 || Mprotect(_pages + (nint)s_page, room, ReadWrite) != 0)
            throw new OutOfMemoryException($"Guarded memory: error {Marshal.GetLastPInvokeError()}.");
        _first = (float*)(_pages + (nint)s_page);
        _room = (int)(room / sizeof(float));
        new Span<float>(_first, _room).Fill(Canary);
        _data = atEnd ? _first + _room - values.Length : _first;
        Length = values.Length;
        values.CopyTo(Span);
    }

    /// <summary>Whether this system's memory can be guarded here.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>The number of floats.</summary>
    public int Length { get; }

    /// <summary>The floats.</summary>
    public Span<float> Span => new(_data, Length);

    /// <summary>Whether all canaries live.</summary>
    public bool IsIntact
    {
        get
        {
            int before = (int)(_data - _first);
            ReadOnlySpan<float> all = new(_first, _room);
            return !all[..before].ContainsAnyExcept(Canary) && !all[(before + Length)..].ContainsAnyExcept(Canary);
        }
    }

    public void Dispose() => _ = Munmap(_pages, _size);

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint Mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int Mprotect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Munmap(nint address, nuint length);
}
