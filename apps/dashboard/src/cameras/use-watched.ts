import { type RefObject, useEffect } from 'react';
import { useShop } from '../shop/use-shop.js';

/** Asks for a camera's pictures while an element of the page is in view. */
export function useWatched(cameraId: string, element: RefObject<HTMLElement | null>): void {
  const { connection } = useShop();
  useEffect(() => {
    const { watch } = connection;
    const observer = new IntersectionObserver((entries) => {
      const newest = entries.at(-1);
      if (newest !== undefined) watch.setInView(cameraId, newest.isIntersecting);
    });
    if (element.current !== null) observer.observe(element.current);
    return () => {
      observer.disconnect();
      watch.setInView(cameraId, false);
    };
  }, [connection, cameraId, element]);
}
