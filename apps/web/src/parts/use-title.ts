import { useEffect } from 'preact/hooks';

/** The window's title, which a screen reader says on every new page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Stuiver`;
  }, [title]);
}
